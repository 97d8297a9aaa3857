import type { Permission, roles } from '@chatferry/contract';

export type Role = (typeof roles)[number];

/** What each role may do. An admin may do what an owner may, except change owners. */
export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set<Permission>(['read', 'handle', 'manage', 'administer']),
  admin: new Set<Permission>(['read', 'handle', 'manage', 'administer']),
  member: new Set<Permission>(['read', 'handle']),
  'read-only': new Set<Permission>(['read']),
};

const ranks: Readonly<Record<Role | 'operator', number>> = {
  operator: 4,
  owner: 3,
  admin: 2,
  member: 1,
  'read-only': 0,
};

/** A role with a higher rank may do everything that one with a lower rank may. */
export const rankOf = (role: Role | 'operator'): number => ranks[role];

/** Whether a person with role `own` may give role `other`, or change a person who has it. */
export const mayDecideOf = (own: Role | 'operator', other: Role): boolean =>
  own === 'operator' || own === 'owner' || (own === 'admin' && other !== 'owner');
