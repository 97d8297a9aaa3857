import { createHash, hash, timingSafeEqual } from 'node:crypto';
import { idKinds, type OperationSpec, parseApiKey } from '@chatferry/contract';
import type { FastifyRequest } from 'fastify';
import { operator, type Principal, principalOfKey, principalOfRole } from '../core/access/principal.ts';
import { createCache } from '../engine/directory/cache.ts';
import { ApiError } from '../operations/api-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secret } from '../ports/secret.ts';
import type { KeyRecord } from '../store/keys.ts';
import type { StoreSlice } from '../store/store.ts';
import { isWithin } from './networks.ts';
import { assertSameOrigin } from './same-origin.ts';
import { sessionOf } from './session-cookie.ts';

/** Who calls, and the API key or the session where one was presented. */
export interface Caller {
  readonly principal: Principal;
  readonly key: KeyRecord | null;
  readonly sessionId: string | null;
}

export interface Authenticator {
  /** Who calls an operation that not anyone may call. Throws UNAUTHORIZED, DEPRECATED_API_KEY or FORBIDDEN. */
  authenticate(spec: Pick<OperationSpec, 'auth' | 'permission'>, request: FastifyRequest): Promise<Caller>;
  /** Forgets what it knows of keys, after a change made here. */
  refresh(): void;
}

export interface AuthenticatorDeps {
  readonly store: StoreSlice<{
    readonly keys: 'readByDigest' | 'readWithDigest';
    readonly sessions: 'open';
    readonly adminTokens: 'open';
  }>;
  readonly recordKeyUse: (keyId: string, address: string) => void;
  readonly digestOf: (secret: string) => Buffer;
  readonly adminToken: Secret;
  /** Where browsers reach the gateway; null where that is not set. */
  readonly publicUrl: string | null;
  /** Whether the database shows narrowed callers their own workspaces only. */
  readonly isolatesWorkspaces: boolean;
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
    load: (name) => findKey(deps.store, name),
  });
  const nameOf = rememberNames(digestOf);
  const lastUses = new Map<string, number>();
  const adminDigest = sha256(deps.adminToken.reveal());

  const noteUse = (key: KeyRecord, address: string) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - (lastUses.get(key.id) ?? Number.NEGATIVE_INFINITY) < useEveryMs) return;
    lastUses.set(key.id, nowMs);
    deps.recordKeyUse(key.id, address);
  };

  const liveKey = async (presented: string, address: string): Promise<KeyRecord | null> => {
    const name = nameOf(presented);
    const key = name === null ? null : await keys.get(name);
    if (!key) return null;
    if (key.state !== 'live') throw new ApiError('DEPRECATED_API_KEY');
    if (key.networks.length > 0 && !isWithin(key.networks, address)) throw elsewhere(address);
    noteUse(key, address);
    return key;
  };

  /** Whoever proves to be somebody by other things than an API key. */
  const identifyManager = async (request: FastifyRequest): Promise<Caller | null> => {
    const presented = bearer(request);
    if (presented !== null) {
      if (timingSafeEqual(sha256(presented), adminDigest)) return { principal: operator, key: null, sessionId: null };
      if (!presented.startsWith(idKinds.adminTokenSecret.prefix)) return null;
      const token = await deps.store.adminTokens.open(sha256(presented), request.ip);
      return token && { principal: principalOfRole('token', token), key: null, sessionId: null };
    }
    // Whoever presents a key means it, whatever the browser adds.
    if (request.headers['x-octopods-auth'] !== undefined) return null;
    const secret = sessionOf(request);
    const session = secret === null ? null : await deps.store.sessions.open(sha256(secret));
    if (session === null) return null;
    assertSameOrigin(request, deps.publicUrl);
    const principal = principalOfRole('person', { ...session, id: session.personId });
    return { principal, key: null, sessionId: session.sessionId };
  };

  const identify = async (auth: OperationSpec['auth'], request: FastifyRequest): Promise<Caller> => {
    const manager = auth === 'any' ? await identifyManager(request) : null;
    if (manager !== null) return manager;
    const presented = presentedCredential(request);
    const key = presented === null ? null : await liveKey(presented, request.ip);
    if (key) return { principal: principalOfKey(key), key, sessionId: null };
    throw new ApiError('UNAUTHORIZED', auth === 'any' ? { message: unknownCaller } : {});
  };

  return {
    async authenticate({ auth, permission }, request) {
      const caller = await identify(auth, request);
      if (auth === 'any') assertManages(caller, deps.isolatesWorkspaces);
      if (permission !== null && !caller.principal.permissions.has(permission)) throw lacking(permission);
      return caller;
    },

    refresh: () => keys.clear(),
  };
}

/**
 * What a presented key is looked up by: the id that stands in it, where it is of our form, and its digest in base64; null where
 * it is none by its form. The digest costs ten times as much as the plain hash by which it is remembered, and no key is kept in
 * memory.
 */
function rememberNames(digestOf: (secret: string) => Buffer): (presented: string) => string | null {
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

/** By its id and then its digest in constant time; one that names no key here was perhaps brought from elsewhere. */
async function findKey(store: AuthenticatorDeps['store'], name: string): Promise<KeyRecord | null> {
  const [keyId = '', digest = ''] = name.split(' ');
  const presented = Buffer.from(digest, 'base64');
  const named = keyId === '' ? null : await store.keys.readWithDigest(keyId);
  if (named === null) return store.keys.readByDigest(presented);
  return timingSafeEqual(named.digest, presented) ? named.key : null;
}

const unknownCaller =
  'You must supply the administrator token, or one that was made for a script, as a bearer token in the Authorization header; or sign in with POST /api/v1/sessions.';

function elsewhere(address: string): ApiError {
  const message = `This key may not be used from ${address}. Add that address to the networks of the key; where it is that of a proxy, name the proxy in CHATFERRY_TRUSTED_PROXIES.`;
  return new ApiError('FORBIDDEN', { message });
}

/** What a key reads of its messages it reads elsewhere; here all is narrowed by the workspaces that the database shows, and no further. */
function assertManages({ key, principal }: Caller, isolatesWorkspaces: boolean): void {
  if (principal.reach.workspaces === 'all') return;
  if (key !== null && (key.channelId !== null || !key.scopes.includes('manage'))) {
    const message =
      'This API key may not do that. Use the administrator token, or a key of the workspace with the scope “manage”.';
    throw new ApiError('FORBIDDEN', { message });
  }
  if (!isolatesWorkspaces) {
    const message =
      'Only the administrator token may do that here: the gateway uses its database as a superuser, whom row-level security does not bind. Give DATABASE_URL a role that is none.';
    throw new ApiError('FORBIDDEN', { message });
  }
}

function lacking(permission: string): ApiError {
  const message = `This credential may not do that: it lacks the permission “${permission}”. Use one that has it, or add it to this one’s scopes.`;
  return new ApiError('FORBIDDEN', { message, details: [{ pointer: '', message }] });
}

/** `X-Octopods-Auth` counts where both headers are there. */
function presentedCredential(request: FastifyRequest): string | null {
  const header = request.headers['x-octopods-auth'];
  if (typeof header === 'string' && header !== '') return header;
  return bearer(request);
}

function bearer(request: FastifyRequest): string | null {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token ?? null;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
