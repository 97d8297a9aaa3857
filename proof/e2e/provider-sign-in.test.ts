import { createMidStepClock } from '@chatferry/testkit/clocks/mid-step-clock';
import { findFreePort } from '@chatferry/testkit/processes/ports';
import { oneTimeCode } from '@chatferry/testkit/rigs/one-time-code';
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
const clock = createMidStepClock();
const rig = await startRig(
  { CHATFERRY_PORT: port, CHATFERRY_PUBLIC_URL: `http://127.0.0.1:${port}`, ...settings },
  clock,
);

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
    provider.signIn({ sub: 'user-7', email: 'unknown@acme.test', email_verified: true });
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

describe('an account with a password', () => {
  const password = 'four words not in songs';
  const asPage = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };

  /** A person with a password and, if a secret is returned, a second factor. */
  async function join(email: string) {
    const { id, invitation } = await invite(email);
    const claimed = await rig.call('/api/v1/claim', { body: { token: invitation, password } });
    const session = claimed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { id, session: { cookie: session, 'sec-fetch-site': 'same-origin' } };
  }

  async function addFactor(headers: Readonly<Record<string, string>>) {
    const begun = await rig.call('/api/v1/me/two-factor', { body: { password }, headers });
    const codeAt = (step: number) => oneTimeCode(begun.body.secret, clock.nowMs(), step);
    const body = { code: codeAt(-1) };
    expect((await rig.call('/api/v1/me/two-factor/confirm', { body, headers })).status).toBe(204);
    return codeAt;
  }

  /** Sends the form of the page that asks for the password. */
  const link = (
    cookie: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    fetch(`${rig.url}/sign-in/oidc/link`, {
      method: 'POST',
      headers: { ...asPage, cookie, ...headers },
      body: new URLSearchParams(form),
    });

  async function askToLink(claims: Parameters<typeof provider.signIn>[0]) {
    provider.signIn(claims);
    const asked = await signIn();
    return { asked, page: await asked.text(), cookie: cookieOf(asked, '__Host-chatferry-oidc-link') };
  }

  it('is linked after the person has given the password once, and then signs in without it', async () => {
    const { id } = await join('kate@acme.test');
    const claims = { sub: 'user-20', email: 'kate@acme.test', email_verified: true };
    const { asked, page, cookie } = await askToLink(claims);
    expect([asked.status, cookieOf(asked, '__Host-chatferry')]).toEqual([200, '']);
    expect(page).toContain('<form method="post" action="/sign-in/oidc/link">');
    expect(asked.headers.getSetCookie().join()).toMatch(/oidc-link=[^;]+; .*HttpOnly; Secure; SameSite=Strict/);
    const wrong = await link(cookie, { password: 'not the password' });
    expect([wrong.status, cookieOf(wrong, '__Host-chatferry')]).toEqual([403, '']);
    const linked = await link(cookie, { password });
    expect([linked.status, await meOf(linked)]).toMatchObject([200, { id }]);
    expect(await meOf(await signIn())).toMatchObject({ id });
    expect((await link(cookie, { password })).status).toBe(403);
    const [, done] = (await rig.admin(`/api/v1/audit?object=${id}&limit=4`)).body.data.filter(
      ({ action }: { action: string }) => action === 'linkProvider',
    );
    expect(done).toMatchObject({ status: 200, address: '127.0.0.1' });
  });

  it('needs the second factor, too, where there is one', async () => {
    const { id, session } = await join('liam@acme.test');
    const codeAt = await addFactor(session);
    const { cookie, page } = await askToLink({ sub: 'user-21', email: 'liam@acme.test', email_verified: true });
    expect(page).toContain('name="code"');
    expect((await link(cookie, { password })).status).toBe(403);
    expect((await link(cookie, { password, code: codeAt(-1) })).status).toBe(403);
    const linked = await link(cookie, { password, code: codeAt(0) });
    expect([linked.status, await meOf(linked)]).toMatchObject([200, { id }]);
  });

  it('is not linked from another site, without the cookie, or with a changed one', async () => {
    await join('mona@acme.test');
    const { cookie } = await askToLink({ sub: 'user-22', email: 'mona@acme.test', email_verified: true });
    expect((await link(cookie, { password }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await link('', { password })).status).toBe(403);
    expect((await link(`${cookie.slice(0, -4)}AAAA`, { password })).status).toBe(403);
  });

  it('cannot be guessed at: failures count like those of a sign-in, and the page says to wait', async () => {
    await join('nora@acme.test');
    const { cookie } = await askToLink({ sub: 'user-23', email: 'nora@acme.test', email_verified: true });
    for (let guess = 0; guess < 5; guess += 1) expect((await link(cookie, { password: 'a guess' })).status).toBe(403);
    const refused = await link(cookie, { password });
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect(await refused.text()).toContain('too many failed attempts');
    await rig.database.pool.query('delete from login_failures');
  });

  it('is not found by an address with a letter that becomes an ASCII letter in lower case', async () => {
    await invite('kim@acme.test');
    provider.signIn({ sub: 'user-24', email: '\u212aim@acme.test', email_verified: true });
    const refused = await signIn();
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('no account')]);
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
