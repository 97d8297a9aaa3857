import type { Key } from '@chatferry/contract';
import type { KeyRecord } from '../../store/keys.ts';
import { invalidValue } from '../api-error.ts';

/** Throws TYPE_MISMATCH for the scope `manage` on a channel's key: what it manages belongs to the workspace. */
export function assertScopesFit(kind: Key['kind'], scopes: readonly string[]): void {
  const index = kind === 'channel' ? scopes.indexOf('manage') : -1;
  if (index === -1) return;
  throw invalidValue(
    `/scopes/${index}`,
    'scopes must not contain manage for the key of a channel; a key of the workspace may have it.',
  );
}

/** Undefined if the request names no limit. */
export const limitOf = (limit: Key['limit'] | undefined): KeyRecord['limit'] | undefined =>
  limit && { perSecond: limit.per_second, burst: limit.burst };

/** Null for a key that never expires; undefined if the request does not say. */
export const expiryOf = (text: string | null | undefined): Date | null | undefined =>
  typeof text === 'string' ? new Date(text) : text;

export const dateOf = (atMs: number | null): Date | null => (atMs === null ? null : new Date(atMs));
