import { createHash, timingSafeEqual } from 'node:crypto';
import { idKinds, type OperationSpec } from '@chatferry/contract';
import type { FastifyRequest } from 'fastify';
import { operator, type Principal, principalOfKey, principalOfRole } from '../core/access/principal.ts';
import { ApiError } from '../operations/api-error.ts';
import type { Secret } from '../ports/secret.ts';
import type { KeyRecord } from '../store/keys.ts';
import type { StoreSlice } from '../store/store.ts';
import { type GuessLimit, guessName } from './limit-guesses.ts';
import { createLiveKeys, type LiveKeyDeps, type LiveKeys } from './live-keys.ts';
import { assertSameOrigin } from './same-origin.ts';
import { sessionOf } from './session-cookie.ts';

/** The caller, with the API key or the session where one was presented. */
export interface Caller {
  readonly principal: Principal;
  readonly key: KeyRecord | null;
  readonly sessionId: string | null;
}

export interface Authenticator {
  /** Identifies the caller of an operation that needs a credential. Throws UNAUTHORIZED, DEPRECATED_API_KEY, FORBIDDEN or RATE_LIMITED. */
  authenticate(spec: Pick<OperationSpec, 'auth' | 'permission' | 'reach'>, request: FastifyRequest): Promise<Caller>;
  /** Forgets the keys in memory, after a change made by this process. */
  refresh(): void;
}

export interface AuthenticatorDeps extends LiveKeyDeps {
  readonly store: LiveKeyDeps['store'] & StoreSlice<{ readonly sessions: 'open'; readonly adminTokens: 'open' }>;
  readonly guesses: GuessLimit;
  readonly adminToken: Secret;
  /** The address at which browsers reach the gateway. Null if it is not set. */
  readonly publicUrl: string | null;
  /** Whether the database limits a caller with some workspaces to the rows of those workspaces. */
  readonly isolatesWorkspaces: boolean;
}

interface Credentials extends AuthenticatorDeps {
  readonly keys: LiveKeys;
  readonly adminDigest: Buffer;
}

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const keys = createLiveKeys(deps, deps.guesses);
  const credentials = { ...deps, keys, adminDigest: sha256(deps.adminToken.reveal()) };
  return {
    async authenticate({ auth, permission, reach }, request) {
      const caller = await identify(credentials, auth, request);
      if (auth === 'any') assertManages(caller, deps.isolatesWorkspaces);
      if (permission !== null && !caller.principal.permissions.has(permission)) throw missingPermission(permission);
      if (reach === 'installation') assertReachesAll(caller.principal);
      return caller;
    },
    refresh() {
      keys.refresh();
      deps.guesses.forget();
    },
  };
}

const principals = new WeakMap<KeyRecord, Principal>();

/** Made once for each key in memory, because every send needs it. */
function principalOf(key: KeyRecord): Principal {
  const known = principals.get(key);
  if (known !== undefined) return known;
  const principal = principalOfKey(key);
  principals.set(key, principal);
  return principal;
}

async function identify(
  credentials: Credentials,
  auth: OperationSpec['auth'],
  request: FastifyRequest,
): Promise<Caller> {
  const manager = auth === 'any' || auth === 'reader' ? await identifyManager(credentials, request) : null;
  if (manager !== null) return manager;
  const presented = presentedKey(request);
  const key = presented === null ? null : await credentials.keys.find(presented, request.ip);
  if (key) return { principal: principalOf(key), key, sessionId: null };
  throw new ApiError('UNAUTHORIZED', auth === 'key' ? {} : { message: unknownCaller });
}

/** A caller with the administrator's token, a token of a script, or a session. Null for a caller who may have an API key. */
async function identifyManager(credentials: Credentials, request: FastifyRequest): Promise<Caller | null> {
  const token = bearerToken(request);
  if (token !== null) return identifyByToken(credentials, token, request.ip);
  // A caller who presents an API key is that key, even if the browser adds a session.
  if (request.headers['x-octopods-auth'] !== undefined) return null;
  return identifyBySession(credentials, request);
}

async function identifyByToken(
  { store, guesses, adminDigest }: Credentials,
  token: string,
  address: string,
): Promise<Caller | null> {
  const digest = sha256(token);
  if (timingSafeEqual(digest, adminDigest)) return { principal: operator, key: null, sessionId: null };
  if (!token.startsWith(idKinds.adminTokenSecret.prefix)) return null;
  const name = guessName('token', digest.toString('base64'));
  const record = await guesses.lookUp({ name, address }, () => store.adminTokens.open(digest, address));
  return record && { principal: principalOfRole('token', record), key: null, sessionId: null };
}

async function identifyBySession(
  { store, guesses, publicUrl }: Credentials,
  request: FastifyRequest,
): Promise<Caller | null> {
  const secret = sessionOf(request);
  if (secret === null) return null;
  const digest = sha256(secret);
  const guess = { name: guessName('session', digest.toString('base64')), address: request.ip };
  const session = await guesses.lookUp(guess, () => store.sessions.open(digest));
  if (session === null) return null;
  assertSameOrigin(request, publicUrl);
  const principal = principalOfRole('person', { ...session, id: session.personId });
  return { principal, key: null, sessionId: session.sessionId };
}

const unknownCaller =
  'You must supply the administrator token, or a token for a script, as a bearer token in the Authorization header; or sign in with POST /api/v1/sessions.';

/** Management operations only. Rows are already limited by row-level security, so no check of single rows is needed here. */
function assertManages({ key, principal }: Caller, isolatesWorkspaces: boolean): void {
  if (principal.reach.workspaces === 'all') return;
  if (key !== null && (key.channelId !== null || !key.scopes.includes('manage'))) {
    const message =
      'This API key may not do that. Use the administrator token, or a key of the workspace with the scope “manage”.';
    throw new ApiError('FORBIDDEN', { message });
  }
  if (!isolatesWorkspaces) {
    const message =
      'Only the administrator token may do that here: the gateway uses its database as a superuser, to whom row-level security does not apply. Use a role in DATABASE_URL that is not a superuser.';
    throw new ApiError('FORBIDDEN', { message });
  }
}

/** Throws FORBIDDEN for a caller who is limited to some workspaces. */
export function assertReachesAll({ reach }: Principal): void {
  if (reach.workspaces === 'all') return;
  const message =
    'This concerns the whole installation, and this credential has access to some of its workspaces only. Use the administrator token, or a person or token with access to every workspace.';
  throw new ApiError('FORBIDDEN', { message, details: [{ pointer: '', message }] });
}

function missingPermission(permission: string): ApiError {
  const message = `This credential may not do that: it lacks the permission “${permission}”. Use one that has it, or add it to this one’s scopes.`;
  return new ApiError('FORBIDDEN', { message, details: [{ pointer: '', message }] });
}

/** Where both headers are present, `X-Octopods-Auth` is used. */
function presentedKey(request: FastifyRequest): string | null {
  const header = request.headers['x-octopods-auth'];
  if (typeof header === 'string' && header !== '') return header;
  return bearerToken(request);
}

function bearerToken(request: FastifyRequest): string | null {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token ?? null;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
