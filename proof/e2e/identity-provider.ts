import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll } from 'vitest';

/** Somebody at the provider. */
export interface Claims {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
}

export interface SimulatedProvider {
  readonly issuer: string;
  /** Who is signed in at the provider, and what its next ID token says otherwise than it should. */
  signIn(claims: Claims, wrong?: Readonly<Record<string, unknown>>): void;
}

export const client = { id: 'chatferry', secret: 'secret-at-the-provider' };

/** An OpenID Connect provider (authorization code with PKCE, RS256), as far as a sign-in needs it. */
export async function startIdentityProvider(): Promise<SimulatedProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const codes = new Map<string, { readonly challenge: string; readonly nonce: string }>();
  let claims: Claims = { sub: 'nobody' };
  let wrong: Readonly<Record<string, unknown>> = {};
  let issuer = '';

  const idToken = (nonce: string): string => {
    const now = Math.floor(Date.now() / 1_000);
    const payload = { iss: issuer, aud: client.id, iat: now, exp: now + 60, nonce, ...claims, ...wrong };
    const signed = `${base64url({ alg: 'RS256', kid: 'k1' })}.${base64url(payload)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration') {
      return answer(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      });
    }
    if (url.pathname === '/jwks')
      return answer(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] });
    if (url.pathname === '/authorize') {
      const code = randomBytes(16).toString('hex');
      codes.set(code, {
        challenge: url.searchParams.get('code_challenge') ?? '',
        nonce: url.searchParams.get('nonce') ?? '',
      });
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      return response.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === '/token') {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const known = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (known?.challenge !== challenge) return answer(400, { error: 'invalid_grant' });
      return answer(200, {
        access_token: 'unused',
        token_type: 'Bearer',
        expires_in: 60,
        id_token: idToken(known.nonce),
      });
    }
    return answer(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  issuer = `http://127.0.0.1:${address.port}`;
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  return {
    issuer,
    signIn(who, otherwise = {}) {
      claims = who;
      wrong = otherwise;
    },
  };
}
