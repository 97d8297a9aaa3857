import type { Permission } from '@chatferry/contract';

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
}

/** Whoever can read the data folder can do everything. */
export const operator: Principal = {
  kind: 'operator',
  id: 'operator',
  permissions: new Set<Permission>(['send', 'read', 'handle', 'manage', 'administer']),
  reach: { workspaces: 'all', channelId: null },
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
});
