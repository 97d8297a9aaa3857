import { keyScopes, type Permission } from '@chatferry/contract';
import type { Grant, Limit } from './grant.ts';
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
  /** What it has, and so the most that it can give to a key, a token or a person. */
  readonly grant: Grant;
}

/** The part of a stored key that says what it may do. */
interface GrantedKey {
  readonly workspaceId: string;
  readonly channelId: string | null;
  readonly scopes: readonly string[];
  readonly networks: readonly string[];
  readonly limit: Limit;
  readonly expiresAt: Date | null;
  readonly retiresAt: Date | null;
}

/** The same of a person or a token. People have no end. */
interface GrantedHolder {
  readonly role: Role;
  readonly workspaces: readonly string[] | null;
  readonly expiresAt?: Date | null | undefined;
}

/** The holder of the data folder can do everything. */
export const operator: Principal = {
  kind: 'operator',
  id: 'operator',
  permissions: new Set<Permission>(['send', 'read', 'handle', 'manage', 'administer']),
  reach: { workspaces: 'all', channelId: null },
  role: 'operator',
  grant: grantOfRole('operator', 'all', null),
};

const scopePermissions: Readonly<Record<string, readonly Permission[]>> = {
  send: ['send'],
  read: ['read'],
  manage: ['read', 'handle', 'manage'],
};

/** The holder of a role may give every scope to a key: a backend sends, and people do not. */
function grantOfRole(role: Role | 'operator', workspaces: Grant['workspaces'], endsAtMs: number | null): Grant {
  return { role, scopes: keyScopes, workspaces, channelId: null, networks: [], endsAtMs, limit: null };
}

/** The grant of a key. A key that was rotated ends with its overlap. */
export function grantOfKey(key: GrantedKey): Grant {
  const ends = [key.expiresAt, key.retiresAt].flatMap((at) => (at === null ? [] : [at.getTime()]));
  return {
    role: null,
    // `manage` includes reading.
    scopes: key.scopes.includes('manage') ? [...key.scopes, 'read'] : key.scopes,
    workspaces: [key.workspaceId],
    channelId: key.channelId,
    networks: key.networks,
    endsAtMs: ends.length === 0 ? null : Math.min(...ends),
    limit: key.limit,
  };
}

/** The grant of a person or a token. `workspaces` is null for all. */
export const grantOfHolder = (holder: GrantedHolder): Grant =>
  grantOfRole(holder.role, holder.workspaces ?? 'all', holder.expiresAt?.getTime() ?? null);

/** The holder of a key may do what its scopes allow, only in its workspace or channel. */
export const principalOfKey = (key: GrantedKey & { readonly id: string }): Principal => ({
  kind: 'key',
  id: key.id,
  permissions: new Set(key.scopes.flatMap((scope) => scopePermissions[scope] ?? [])),
  reach: { workspaces: [key.workspaceId], channelId: key.channelId },
  role: null,
  grant: grantOfKey(key),
});

/** A person, or a token, may do what its role allows, only in its workspaces. */
export const principalOfRole = (
  kind: 'person' | 'token',
  holder: GrantedHolder & { readonly id: string },
): Principal => ({
  kind,
  id: holder.id,
  permissions: permissionsOf[holder.role],
  reach: { workspaces: holder.workspaces ?? 'all', channelId: null },
  role: holder.role,
  grant: grantOfHolder(holder),
});
