import { type Key, keyScopes } from '@chatferry/contract';
import type { KeyRecord } from '../../store/keys.ts';
import { ApiError } from '../api-error.ts';

export const showKey = (record: KeyRecord): Key => ({
  id: record.id,
  name: record.name,
  kind: record.channelId === null ? 'workspace' : 'channel',
  workspace_id: record.workspaceId,
  channel_id: record.channelId,
  prefix: record.prefix,
  state: record.state,
  created_at: record.createdAt.toISOString(),
  expires_at: record.expiresAt?.toISOString() ?? null,
  retires_at: record.retiresAt?.toISOString() ?? null,
  last_used_at: record.lastUsedAt?.toISOString() ?? null,
  last_used_from: record.lastUsedFrom,
  scopes: keyScopes.filter((scope) => record.scopes.includes(scope)),
  networks: [...record.networks],
  limit: { per_second: record.limit.perSecond, burst: record.limit.burst },
});

/** Throws NOT_FOUND. */
export function assertKey(record: KeyRecord | null): KeyRecord {
  if (!record) throw noSuchKey();
  return record;
}

export const noSuchKey = (): ApiError =>
  new ApiError('NOT_FOUND', { message: 'There is no such key. GET /api/v1/keys lists them.' });
