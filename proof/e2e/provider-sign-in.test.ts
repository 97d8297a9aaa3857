import { findFreePort } from '@chatferry/testkit/processes/ports';
import { startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { client, startIdentityProvider } from './identity-provider.ts';

const provider = await startIdentityProvider();
const port = String(await findFreePort());
const settings = {
  CHATFERRY_OIDC_ISSUER: provider.issuer,
  CHATFERRY_OIDC_CLIENT_ID: client.id,
  CHATFERRY_OIDC_CLIENT_SECRET: client.secret,
};
const rig = await startRig({ CHATFERRY_PORT: port, CHATFERRY_PUBLIC_URL: `http://127.0.0.1:${port}`, ...settings });

const cookieOf = (response: Response, name: string): string =>
  response.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';

/** Goes as a browser does: to the gateway, to the provider, and back. */
async function begin() {
  const start = await fetch(`${rig.url}/sign-in/oidc`, { redirect: 'manual' });
  const atProvider = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' });
  return { cookie: cookieOf(start, '__Host-chatferry-oidc'), back: atProvider.headers.get('location') ?? '', start };
}

async function signIn() {
  const { cookie, back } = await begin();
  return fetch(back, { headers: { cookie } });
}

const meOf = async (response: Response) =>
  (await rig.call('/api/v1/me', { headers: { cookie: cookieOf(response, '__Host-chatferry') } })).body;
const invite = async (email: string, role = 'member') =>
  (await rig.admin('/api/v1/people', { body: { email, name: email.split('@')[0], role } })).body;

describe('signing in by the identity provider', () => {
  it('lets in who was invited by the address that it vouches for, and knows them by the subject ever after', async () => {
    const { id } = await invite('ada@acme.test', 'admin');
    provider.signIn({ sub: 'user-1', email: 'Ada@acme.test', email_verified: true });
    const first = await signIn();
    expect([first.status, await first.text()]).toEqual([200, expect.stringContaining('signed in as ada')]);
    expect(await meOf(first)).toMatchObject({ id, kind: 'person', person: { state: 'active' } });
    provider.signIn({ sub: 'user-1', email: 'ada@elsewhere.test', email_verified: true });
    expect(await meOf(await signIn())).toMatchObject({ id });
  });

  it.each([
    ['whose address the provider does not vouch for', { sub: 'user-2', email: 'ben@acme.test', email_verified: false }],
    ['who is not invited', { sub: 'user-3', email: 'eve@acme.test', email_verified: true }],
    ['who now has the address of another person', { sub: 'user-4', email: 'ada@acme.test', email_verified: true }],
  ])('does not let in %s, and says whom to ask', async (_name, claims) => {
    await invite('ben@acme.test').catch(() => undefined);
    provider.signIn(claims);
    const refused = await signIn();
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('invite')]);
    expect(cookieOf(refused, '__Host-chatferry')).toBe('');
  });

  it('is written to the audit log, whether it succeeds or not', async () => {
    const { id } = await invite('dora@acme.test');
    provider.signIn({ sub: 'user-6', email: 'dora@acme.test', email_verified: true });
    await signIn();
    provider.signIn({ sub: 'user-7', email: 'nobody@acme.test', email_verified: true });
    await signIn();
    const [refused, admitted] = (await rig.admin('/api/v1/audit?limit=2')).body.data;
    expect(refused).toMatchObject({ action: 'signInByProvider', object: null, status: 403, address: '127.0.0.1' });
    expect(admitted).toMatchObject({ action: 'signInByProvider', object: id, status: 200 });
    expect((await rig.admin('/api/v1/audit/verification')).body).toMatchObject({ intact: true });
  });

  it('is refused for a disabled person', async () => {
    const { id } = await invite('carl@acme.test');
    provider.signIn({ sub: 'user-5', email: 'carl@acme.test', email_verified: true });
    expect((await signIn()).status).toBe(200);
    await rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { state: 'disabled' } });
    expect((await signIn()).status).toBe(403);
  });

  it.each([
    ['another nonce', { nonce: 'another' }],
    ['another audience', { aud: 'another-client' }],
    ['another issuer', { iss: 'https://evil.test' }],
    ['a time that is over', { exp: 1_000 }],
  ])('refuses an ID token with %s', async (_name, wrong) => {
    provider.signIn({ sub: 'user-1', email: 'ada@acme.test', email_verified: true }, wrong);
    expect((await signIn()).status).toBe(403);
  });

  it('succeeds only in the browser that began it, once, and as it was begun', async () => {
    provider.signIn({ sub: 'user-1' });
    const { cookie, back, start } = await begin();
    expect(start.headers.get('set-cookie')).toMatch(/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/);
    const other = await begin();
    expect((await fetch(back)).status).toBe(403);
    expect((await fetch(back, { headers: { cookie: other.cookie } })).status).toBe(403);
    expect((await fetch(back.replace(/state=[^&]+/, 'state=x'), { headers: { cookie } })).status).toBe(403);
    expect((await fetch(other.back, { headers: { cookie: other.cookie } })).status).toBe(200);
    expect((await fetch(other.back, { headers: { cookie: other.cookie } })).status).toBe(403);
  });
});

describe('settings of the identity provider', () => {
  it.each(Object.keys(settings))('are refused without %s, with what is missing', async (name) => {
    const { [name as keyof typeof settings]: _, ...rest } = settings;
    await expect(startRig(rest)).rejects.toThrow(name);
  });

  it('are refused without the public address', async () => {
    await expect(startRig(settings)).rejects.toThrow('CHATFERRY_PUBLIC_URL');
  });
});
