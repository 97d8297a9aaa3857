import { hash, timingSafeEqual } from 'node:crypto';
import { parseApiKey } from '@chatferry/contract';
import { createCache } from '../engine/directory/cache.ts';
import { ApiError } from '../operations/api-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyRecord } from '../store/keys.ts';
import type { StoreSlice } from '../store/store.ts';
import { type GuessLimit, guessName } from './limit-guesses.ts';
import { isWithin } from './networks.ts';

export interface LiveKeyDeps {
  readonly store: StoreSlice<{ readonly keys: 'readByDigest' | 'readWithDigest' }>;
  readonly recordKeyUse: (keyId: string, address: string) => void;
  readonly digestOf: (secret: string) => Buffer;
  /** The maximum age of a key in memory: a key that another replica revoked is refused here within five seconds. */
  readonly ttlMs: () => number;
  readonly clock: Clock;
}

export interface LiveKeys {
  /** Throws RATE_LIMITED where too many unknown keys were presented; a key in memory is accepted nevertheless. Null for an unknown key. Throws DEPRECATED_API_KEY for a revoked one, and FORBIDDEN for an address outside its networks. */
  find(presented: string, address: string): Promise<KeyRecord | null>;
  /** Empties the memory, after a change made by this process. */
  refresh(): void;
}

const keysMax = 100_000;
const recordUseEveryMs = 60_000;
/** Longer keys are not looked up: our own have at most 85 characters, imported ones 255. */
const keyLengthMax = 512;

/** Looks API keys up, and keeps those that were used recently in memory. Unknown keys take no place there. */
export function createLiveKeys(deps: LiveKeyDeps, guesses: GuessLimit): LiveKeys {
  const lookupNameOf = createLookupNames(deps.digestOf);
  const recordUse = createUseRecorder(deps);
  const keys = createCache<KeyRecord>({
    clock: deps.clock,
    ttlMs: deps.ttlMs,
    lifeMs: (key) => key.endsInMs,
    sizeMax: keysMax,
    load: async (lookupName) => {
      const key = await readKey(deps.store, lookupName);
      if (key === null) throw new UnknownKey();
      return key;
    },
  });
  const load = async (lookupName: string): Promise<KeyRecord | null> => {
    try {
      return await keys.get(lookupName);
    } catch (cause) {
      if (cause instanceof UnknownKey) return null;
      throw cause;
    }
  };
  return {
    async find(presented, address) {
      const lookupName = lookupNameOf(presented);
      if (lookupName === null) return null;
      const key =
        keys.peek(lookupName) ??
        (await guesses.lookUp({ name: guessName('key', digestIn(lookupName)), address }, () => load(lookupName)));
      if (key === null) return null;
      assertUsable(key, address);
      recordUse(key, address);
      return key;
    },
    refresh: () => keys.clear(),
  };
}

/** A failed load is not cached, so an unknown key does not push a known one out. */
class UnknownKey extends Error {
  override readonly name = 'UnknownKey';
}

function assertUsable(key: KeyRecord, address: string): void {
  if (key.state !== 'live') throw new ApiError('DEPRECATED_API_KEY');
  if (key.networks.length === 0 || isWithin(key.networks, address)) return;
  const message = `This key may not be used from ${address}. Add that address to the networks of the key. If it is the address of a proxy, add the proxy to CHATFERRY_TRUSTED_PROXIES.`;
  throw new ApiError('FORBIDDEN', { message });
}

/** Records at most one use of a key each minute. */
function createUseRecorder({ recordKeyUse, clock }: LiveKeyDeps): (key: KeyRecord, address: string) => void {
  const lastUses = new Map<string, number>();
  return ({ id }, address) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - (lastUses.get(id) ?? Number.NEGATIVE_INFINITY) < recordUseEveryMs) return;
    lastUses.set(id, nowMs);
    recordKeyUse(id, address);
  };
}

/**
 * The name under which a presented key is looked up: its id, for a key of our own form, and its digest in base64. Null for a key
 * that is malformed. The digest costs ten times as much as the plain hash under which it is remembered. No key is kept in memory.
 */
function createLookupNames(digestOf: (secret: string) => Buffer): (presented: string) => string | null {
  const names = new Map<string, string>();
  return (presented) => {
    if (presented.length > keyLengthMax) return null;
    const hashed = hash('sha256', presented, 'base64');
    const known = names.get(hashed);
    if (known !== undefined) return known;
    const parsed = parseApiKey(presented);
    if (parsed.kind === 'damaged') return null;
    const name = `${parsed.kind === 'own' ? parsed.keyId : ''} ${digestOf(presented).toString('base64')}`;
    if (names.size >= keysMax) names.clear();
    names.set(hashed, name);
    return name;
  };
}

const digestIn = (lookupName: string): string => lookupName.slice(lookupName.indexOf(' ') + 1);

/** Reads a key by its id and compares the digests in constant time. A key without a known id may be an imported one. */
async function readKey(store: LiveKeyDeps['store'], lookupName: string): Promise<KeyRecord | null> {
  const [keyId = '', digest = ''] = lookupName.split(' ');
  const presented = Buffer.from(digest, 'base64');
  const named = keyId === '' ? null : await store.keys.readWithDigest(keyId);
  if (named === null) return store.keys.readByDigest(presented);
  return timingSafeEqual(named.digest, presented) ? named.key : null;
}
