import { createHash, hash, timingSafeEqual } from 'node:crypto';
import { parseApiKey } from '@chatferry/contract';
import type { FastifyRequest } from 'fastify';
import { createCache } from '../engine/cache.ts';
import { ApiError } from '../operations/api-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secret } from '../ports/secret.ts';
import type { KeyRecord } from '../store/keys.ts';

export interface Authenticator {
  /** The live key that the request presents; throws UNAUTHORIZED or DEPRECATED_API_KEY. */
  sendKey(request: FastifyRequest): Promise<KeyRecord>;
  /** Throws UNAUTHORIZED unless the request presents the administrator's token. */
  admin(request: FastifyRequest): void;
  /** Forgets what it knows of keys, after a change made here. */
  refresh(): void;
}

export interface AuthenticatorDeps {
  readonly readKeyByDigest: (digest: Buffer) => Promise<KeyRecord | null>;
  readonly recordKeyUse: (keyId: string, address: string) => void;
  readonly digestOf: (secret: string) => Buffer;
  readonly adminToken: Secret;
  /** How old a key may be in memory: what another replica revoked is refused here within five seconds. */
  readonly ttlMs: () => number;
  readonly clock: Clock;
}

const keysMax = 100_000;
const useEveryMs = 60_000;
/** Longer ones are not looked up: our own are 85 characters at most, imported ones 255. */
const keyLengthMax = 512;

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const { clock, digestOf } = deps;
  const keys = createCache<KeyRecord | null>({
    clock,
    ttlMs: deps.ttlMs,
    lifeMs: (key) => key?.endsInMs ?? null,
    sizeMax: keysMax,
    load: (digest) => deps.readKeyByDigest(Buffer.from(digest, 'base64')),
  });
  const digestOfPresented = rememberDigests(digestOf);
  const lastUses = new Map<string, number>();
  const adminDigest = sha256(deps.adminToken.reveal());

  const noteUse = (key: KeyRecord, address: string) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - (lastUses.get(key.id) ?? Number.NEGATIVE_INFINITY) < useEveryMs) return;
    lastUses.set(key.id, nowMs);
    deps.recordKeyUse(key.id, address);
  };

  return {
    async sendKey(request) {
      const presented = presentedKey(request);
      const digest = presented === null ? null : digestOfPresented(presented);
      if (digest === null) throw new ApiError('UNAUTHORIZED');
      const key = await keys.get(digest);
      if (!key) throw new ApiError('UNAUTHORIZED');
      if (key.state !== 'live') throw new ApiError('DEPRECATED_API_KEY');
      noteUse(key, request.ip);
      return key;
    },

    admin(request) {
      const token = bearer(request);
      if (token === null || !timingSafeEqual(sha256(token), adminDigest)) {
        throw new ApiError('UNAUTHORIZED', {
          message: 'You must supply the administrator token as a bearer token in the Authorization header.',
        });
      }
    },

    refresh: () => keys.clear(),
  };
}

/**
 * The digest that a presented key is stored under, in base64; null where it is none by its form. The digest costs ten times
 * as much as the plain hash by which it is remembered, and no key is kept in memory.
 */
function rememberDigests(digestOf: (secret: string) => Buffer): (presented: string) => string | null {
  const digests = new Map<string, string>();
  return (presented) => {
    if (presented.length > keyLengthMax) return null;
    const name = hash('sha256', presented, 'base64');
    const known = digests.get(name);
    if (known !== undefined) return known;
    if (parseApiKey(presented).kind === 'damaged') return null;
    const digest = digestOf(presented).toString('base64');
    if (digests.size >= keysMax) digests.clear();
    digests.set(name, digest);
    return digest;
  };
}

/** `X-Octopods-Auth` counts where both headers are there. */
function presentedKey(request: FastifyRequest): string | null {
  const header = request.headers['x-octopods-auth'];
  if (typeof header === 'string' && header !== '') return header;
  return bearer(request);
}

function bearer(request: FastifyRequest): string | null {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token ?? null;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
