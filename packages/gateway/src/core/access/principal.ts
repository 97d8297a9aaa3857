import type { Permission } from '@chatferry/contract';
import { permissionsOf, type Role } from './roles.ts';

/** What a caller can reach: every workspace or those named, and in them one channel only where one is named. */
export interface Reach {
  readonly workspaces: 'all' | readonly string[];
  readonly channelId: string | null;
}

/** Who calls, and what that allows. */
export interface Principal {
  readonly kind: 'key' | 'token' | 'person' | 'operator';
  /** `key_…`, `tok_…`, `per_…`; `operator` for whoever holds the token of the data folder. */
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly reach: Reach;
  /** Of people and of tokens; null for keys. */
  readonly role: Role | 'operator' | null;
}

/** Whoever can read the data folder can do everything. */
export const operator: Principal = {
  kind: 'operator',
  id: 'operator',
  permissions: new Set<Permission>(['send', 'read', 'handle', 'manage', 'administer']),
  reach: { workspaces: 'all', channelId: null },
  role: 'operator',
};

const scopePermissions: Readonly<Record<string, readonly Permission[]>> = {
  send: ['send'],
  read: ['read'],
  manage: ['read', 'handle', 'manage'],
};

/** What the holder of a key may do, by its scopes, in its workspace or channel alone. */
export const principalOfKey = (key: {
  readonly id: string;
  readonly workspaceId: string;
  readonly channelId: string | null;
  readonly scopes: readonly string[];
}): Principal => ({
  kind: 'key',
  id: key.id,
  permissions: new Set(key.scopes.flatMap((scope) => scopePermissions[scope] ?? [])),
  reach: { workspaces: [key.workspaceId], channelId: key.channelId },
  role: null,
});

/** What a person, or a token, may do by its role, in its workspaces alone. */
export const principalOfRole = (
  kind: 'person' | 'token',
  holder: { readonly id: string; readonly role: Role; readonly workspaces: readonly string[] | null },
): Principal => ({
  kind,
  id: holder.id,
  permissions: permissionsOf[holder.role],
  reach: { workspaces: holder.workspaces ?? 'all', channelId: null },
  role: holder.role,
});
