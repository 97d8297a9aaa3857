import type { Permission } from '@chatferry/contract';
import { permissionsOf, type Role } from './roles.ts';

/** What a caller can reach: every workspace or the named ones, and in them all channels or only the named one. */
export interface Reach {
  readonly workspaces: 'all' | readonly string[];
  readonly channelId: string | null;
}

/** The caller of a request, and what it may do. */
export interface Principal {
  readonly kind: 'key' | 'token' | 'person' | 'operator';
  /** `key_…`, `tok_…`, `per_…`; `operator` for the holder of the data folder's token. */
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly reach: Reach;
  /** The role of a person or a token. Null for keys. */
  readonly role: Role | 'operator' | null;
}

/** The holder of the data folder can do everything. */
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

/** The holder of a key may do what its scopes allow, only in its workspace or channel. */
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

/** A person, or a token, may do what its role allows, only in its workspaces. */
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
