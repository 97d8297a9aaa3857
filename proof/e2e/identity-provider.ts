import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { afterAll } from 'vitest';

/** A person at the provider. */
export interface Claims {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
}

export interface SimulatedProvider {
  readonly issuer: string;
  /** Signs a person in at the provider; `wrong` replaces claims in the ID tokens. */
  signIn(claims: Claims, wrong?: Readonly<Record<string, unknown>>): void;
}

export const client = { id: 'chatferry', secret: 'secret-at-the-provider' };

interface Provider {
  readonly keys: ReturnType<typeof createKeys>;
  readonly codes: Map<string, { readonly challenge: string; readonly nonce: string }>;
  issuer: string;
  claims: Claims;
  wrong: Readonly<Record<string, unknown>>;
}

const createKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** An OpenID Connect provider (authorization code with PKCE, RS256), as far as a sign-in needs it. */
export async function startIdentityProvider(): Promise<SimulatedProvider> {
  const provider: Provider = { keys: createKeys(), codes: new Map(), issuer: '', claims: { sub: 'nobody' }, wrong: {} };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    if (url.pathname === '/authorize') {
      response.writeHead(302, { location: authorize(provider, url.searchParams) }).end();
      return;
    }
    const answer = url.pathname === '/token' ? grant(provider, await readForm(request)) : describe(provider, url);
    response
      .writeHead(answer === null ? 400 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? { error: 'invalid_grant' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  provider.issuer = `http://127.0.0.1:${address.port}`;
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  return {
    issuer: provider.issuer,
    signIn(claims, wrong = {}) {
      provider.claims = claims;
      provider.wrong = wrong;
    },
  };
}

/** The documents that the provider publishes about itself. */
function describe({ issuer, keys }: Provider, { pathname }: URL): object | null {
  if (pathname === '/jwks') {
    return { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] };
  }
  if (pathname !== '/.well-known/openid-configuration') return null;
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };
}

/** The address to which the browser is sent back. */
function authorize({ codes }: Provider, asked: URLSearchParams): string {
  const code = randomBytes(16).toString('hex');
  codes.set(code, { challenge: asked.get('code_challenge') ?? '', nonce: asked.get('nonce') ?? '' });
  const back = new URL(asked.get('redirect_uri') ?? '');
  back.searchParams.set('code', code);
  back.searchParams.set('state', asked.get('state') ?? '');
  return back.href;
}

/** The tokens for a code, once; null for any other code, and for a wrong verifier. */
function grant(provider: Provider, form: URLSearchParams): object | null {
  const code = form.get('code') ?? '';
  const known = provider.codes.get(code);
  provider.codes.delete(code);
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  if (known?.challenge !== challenge) return null;
  return { access_token: 'unused', token_type: 'Bearer', expires_in: 60, id_token: signIdToken(provider, known.nonce) };
}

function signIdToken({ issuer, claims, wrong, keys }: Provider, nonce: string): string {
  const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const payload = { iss: issuer, aud: client.id, iat: now, exp: now + 60, nonce, ...claims, ...wrong };
  const signed = `${base64url({ alg: 'RS256', kid: 'k1' })}.${base64url(payload)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), keys.privateKey).toString('base64url')}`;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
