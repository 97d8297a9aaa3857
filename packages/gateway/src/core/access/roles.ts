import type { Permission, roles } from '@chatferry/contract';

export type Role = (typeof roles)[number];

/** What each role may do. An admin may do what an owner may, but for what concerns owners. */
export const permissionsOf: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set<Permission>(['read', 'handle', 'manage', 'administer']),
  admin: new Set<Permission>(['read', 'handle', 'manage', 'administer']),
  member: new Set<Permission>(['read', 'handle']),
  'read-only': new Set<Permission>(['read']),
};

/** Whether somebody with the one role may give the other, or change who has it. */
export const mayDecideOf = (own: Role | 'operator', other: Role): boolean =>
  own === 'operator' || own === 'owner' || (own === 'admin' && other !== 'owner');
