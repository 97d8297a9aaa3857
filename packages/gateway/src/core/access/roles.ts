import type { Permission, roles } from '@chatferry/contract';

export type Role = (typeof roles)[number];

/** What each role may do. An admin may do what an owner may, except decide about owners and admins. */
export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set<Permission>(['read', 'handle', 'manage', 'administer']),
  admin: new Set<Permission>(['read', 'handle', 'manage', 'administer']),
  member: new Set<Permission>(['read', 'handle']),
  'read-only': new Set<Permission>(['read']),
};

/** The roles that each role may give to people and tokens. It may change those who have them, too. */
const decidesOf: Readonly<Record<Role | 'operator', readonly Role[]>> = {
  operator: ['owner', 'admin', 'member', 'read-only'],
  owner: ['owner', 'admin', 'member', 'read-only'],
  // Only lower ones: a person who may reset another admin's credentials could act in that admin's name.
  admin: ['member', 'read-only'],
  member: [],
  'read-only': [],
};

/** Whether a holder of the role `own` may give the role `other`, or change a holder of it. */
export const mayDecideOf = (own: Role | 'operator', other: Role): boolean => decidesOf[own].includes(other);
const ranks: Readonly<Record<Role | 'operator', number>> = {
  operator: 4,
  owner: 3,
  admin: 2,
  member: 1,
  'read-only': 0,
};

/** A role with a higher rank may do everything that one with a lower rank may. */
export const rankOf = (role: Role | 'operator'): number => ranks[role];
