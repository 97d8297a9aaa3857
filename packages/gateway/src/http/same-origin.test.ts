import { password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { beforeAll, describe, expect, it } from 'vitest';

const { join, rig } = await startPeopleRig();
const own = new URL(rig.url);
let cookie: string;

beforeAll(async () => {
  cookie = (await join('ada@acme.test', 'owner')).cookie;
});

type Headers = Readonly<Record<string, string>>;

const foreign: readonly (readonly [string, Headers])[] = [
  ['of an old browser on another origin', { origin: 'https://evil.test' }],
  ['of a page without an origin', { origin: 'null' }],
  ['of the same host on another port', { origin: `http://${own.hostname}:1` }],
  ['of a file', { origin: 'file://' }],
  ['whose metadata and origin contradict each other', { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' }],
  ['of another site', { 'sec-fetch-site': 'cross-site' }],
  ['of another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ['of another site that names our origin', { origin: own.origin, 'sec-fetch-site': 'cross-site' }],
];
const ours: readonly (readonly [string, Headers])[] = [
  ['of a page of ours', { origin: own.origin, 'sec-fetch-site': 'same-origin' }],
  ['of an old browser on a page of ours', { origin: own.origin }],
  ['behind a proxy with TLS', { origin: `https://${own.host}` }],
];

const signIn = (headers: Headers) =>
  rig.call('/api/v1/sessions', { body: { email: 'ada@acme.test', password }, headers });

describe('a request with a cookie, or for one', () => {
  it.each(foreign)('%s is refused: to sign in, to claim an account, and with a session', async (_name, headers) => {
    const answers = [
      await signIn(headers),
      await rig.call('/api/v1/claim', { body: { token: 'cfi_none', password }, headers }),
      await rig.call('/api/v1/sessions/current', { method: 'DELETE', ...withCookie(cookie, headers) }),
    ];
    expect(answers.map(({ status, body }) => [status, body.error_code])).toEqual(answers.map(() => [403, 102]));
    for (const answer of answers) expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it.each(ours)('%s is accepted', async (_name, headers) => {
    expect((await signIn(headers)).status).toBe(201);
    const body = { name: 'Script', role: 'member' };
    expect((await rig.call('/api/v1/tokens', { body, ...withCookie(cookie, headers) })).status).toBe(201);
  });

  it('of a program that is no browser may sign in, but not use a session', async () => {
    expect((await signIn({})).status).toBe(201);
    const { status } = await rig.call('/api/v1/sessions/current', { method: 'DELETE', ...withCookie(cookie, {}) });
    expect(status).toBe(403);
  });

  it('of the public address is accepted, whatever host a proxy names', async () => {
    await rig.reconfigure({ CHATFERRY_PUBLIC_URL: 'https://chat.example.com/gateway' });
    expect((await signIn({ origin: 'https://chat.example.com' })).status).toBe(201);
    expect((await signIn({ origin: 'http://chat.example.com' })).status).toBe(403);
    expect((await signIn({ origin: 'https://chat.example.com.evil.test' })).status).toBe(403);
  });
});
