import {
  deviceOf,
  otherPassword,
  password,
  sameOrigin,
  startPeopleRig,
  withCookie,
} from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const { claim, join, rig, signIn } = await startPeopleRig();

/** A stranger at the shared address has failed so often that all callers there have to wait. */
async function lockAddress(email: string) {
  for (let guess = 0; guess < 20; guess += 1) await signIn({ email: `stranger-${guess}@acme.test` });
  for (let guess = 0; guess < 2; guess += 1) await signIn({ email });
  await rig.database.pool.query(`update login_failures set until = now() + interval '1 hour'`);
  expect((await signIn({ email })).status).toBe(429);
}

describe('the failures of others', () => {
  it('do not lock out a browser in which the person has signed in before, and this browser has limits of its own', async () => {
    const { device } = await join('ada@acme.test', 'owner');
    await lockAddress('ada@acme.test');
    const known = { cookie: device };
    expect((await signIn({ email: 'ada@acme.test' }, known)).status).toBe(201);
    for (let guess = 0; guess < 5; guess += 1)
      expect((await signIn({ email: 'ada@acme.test', password: otherPassword }, known)).status).toBe(401);
    expect((await signIn({ email: 'ada@acme.test' }, known)).status).toBe(429);
  });

  it('do not lock a change of password in a live session, nor an invitation', async () => {
    const { cookie } = await join('ben@acme.test', 'member');
    await lockAddress('ben@acme.test');
    const body = { current_password: password, password: otherPassword };
    expect((await rig.call('/api/v1/me/password', { body, ...withCookie(cookie) })).status).toBe(204);
    const invited = await rig.admin('/api/v1/people', {
      body: { email: 'carl@acme.test', name: 'Carl', role: 'member' },
    });
    for (let guess = 0; guess < 7; guess += 1) await claim({ token: `cfi_${'x'.repeat(40)}${guess}`, password });
    await rig.database.pool.query(`update login_failures set until = now() + interval '1 hour'`);
    expect((await claim({ token: `cfi_${'x'.repeat(43)}`, password })).status).toBe(429);
    expect((await claim({ token: invited.body.invitation, password })).status).toBe(201);
  });
});

describe('the cookie of a known browser', () => {
  it('is for this host, over HTTPS only, hidden from scripts and from other sites', async () => {
    await join('cookie@acme.test', 'member');
    const answer = await signIn({ email: 'cookie@acme.test' });
    expect(answer.headers.getSetCookie()[1]).toMatch(
      /^__Host-chatferry-device=per_[A-Za-z0-9_.-]+; Path=\/; Max-Age=34560000; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('is no session', async () => {
    const { device } = await join('device@acme.test', 'member');
    expect((await rig.call('/api/v1/me', withCookie(device))).status).toBe(401);
  });

  it.each([
    ['of another person', async (own: string, foreign: string) => foreign || own],
    ['with a changed signature', async (own: string) => `${own.slice(0, -4)}AAAA`],
    [
      'with the name of this person in a foreign one',
      async (own: string, foreign: string) => [own.split('.')[0], ...foreign.split('.').slice(1)].join('.'),
    ],
  ])('%s is worth nothing', async (name, cookieFrom) => {
    const email = `${name.replaceAll(' ', '-')}@acme.test`;
    const own = await join(email, 'member');
    const foreign = await join(`foreign-${email}`, 'member');
    await lockAddress(email);
    const cookie = await cookieFrom(own.device, foreign.device);
    expect((await signIn({ email }, { cookie })).status).toBe(429);
    expect((await signIn({ email }, { cookie: own.device })).status).toBe(201);
  });

  it('ends when the password or the rights of the person change, and the browser of the change stays known', async () => {
    const { id, cookie, device } = await join('ends@acme.test', 'member');
    const changed = await rig.call('/api/v1/me/password', {
      body: { current_password: password, password: otherPassword },
      headers: { cookie, ...sameOrigin },
    });
    await lockAddress('ends@acme.test');
    const tryWith = async (one: string) =>
      (await signIn({ email: 'ends@acme.test', password: otherPassword }, { cookie: one })).status;
    expect([await tryWith(device), await tryWith(deviceOf(changed))]).toEqual([429, 201]);
    await rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { role: 'read-only' } });
    expect(await tryWith(deviceOf(changed))).toBe(429);
  });
});
