import {
  type ApiKeyMode,
  apiKeyMode,
  apiKeyPrefix,
  drawApiKeySecret,
  formatApiKey,
  parseApiKey,
} from '@chatferry/contract';
import type { Grant } from '../../core/access/grant.ts';
import { grantOfKey } from '../../core/access/principal.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { KeyRecord, NewKey } from '../../store/keys.ts';
import type { StoreSlice } from '../../store/store.ts';
import { invalidValue } from '../api-error.ts';
import { assertGrant } from '../assert-grant.ts';
import { newId } from '../new-id.ts';

export interface MintKeyDeps {
  readonly store: StoreSlice<{ readonly keys: 'insert' }>;
  /** Digest stored in place of the key. */
  readonly digestOf: (secret: string) => Buffer;
  readonly clock: Clock;
  readonly random: Random;
}

export interface MintedKey {
  readonly record: KeyRecord;
  /** Shown once and not stored. */
  readonly secret: string;
}

/**
 * Makes a key, or imports one that is already in use elsewhere. Every key is made here, and none is wider than `own`, which the
 * caller has. Throws FORBIDDEN for a wider one, and TYPE_MISMATCH for a secret that cannot be imported.
 */
export async function mintKey(
  { store, digestOf, clock, random }: MintKeyDeps,
  own: Grant,
  row: Omit<NewKey, 'id' | 'prefix' | 'digest'> & { readonly mode: ApiKeyMode },
  imported?: string,
): Promise<MintedKey> {
  assertGrant(own, grantOfKey({ ...row, retiresAt: null }));
  if (imported !== undefined && parseApiKey(imported).kind === 'damaged') {
    throw invalidValue(
      '/secret',
      'secret begins like a key of Chatferry but is not a complete one, so it would never be accepted. Copy it again, or leave it out to have a new one made.',
    );
  }
  if (imported !== undefined && (row.mode === 'test' || apiKeyMode(imported) === 'test')) {
    throw invalidValue(
      '/secret',
      'secret must be left out for test mode, and must not begin with cf_test_ elsewhere: keys of test mode are made here, so that none is taken for a real one.',
    );
  }
  const id = newId('key', clock, random);
  const secret =
    imported ??
    formatApiKey(
      id,
      drawApiKeySecret((length) => random.bytes(length)),
      row.mode,
    );
  const prefix = imported === undefined ? apiKeyPrefix(id, row.mode) : `${imported.slice(0, 4)}…`;
  const { workspaceId, channelId, name, scopes, networks, limit, expiresAt } = row;
  const owned = { workspaceId, channelId, name, scopes, networks, limit, expiresAt };
  const record = await store.keys.insert({ ...owned, id, prefix, digest: digestOf(secret) });
  if (!record)
    throw invalidValue('/secret', 'secret must not be in use by another key here; revoke and delete that one first.');
  return { record, secret };
}
