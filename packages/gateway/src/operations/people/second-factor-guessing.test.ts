import { createMidStepClock } from '@chatferry/testkit/clocks/mid-step-clock';
import { oneTimeCode } from '@chatferry/testkit/rigs/one-time-code';
import { cookieOf, deviceOf, password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { describe, expect, it } from 'vitest';

const clock = createMidStepClock();
const { join, rig, signIn } = await startPeopleRig({ CHATFERRY_TRUSTED_PROXIES: '127.0.0.1' }, clock);
const other = await rig.startAnother();
let hosts = 0;

/** A caller from a network that is new to the gateway. */
const fromElsewhere = () => {
  hosts += 1;
  return { 'x-forwarded-for': `2001:db8:${hosts.toString(16)}::1` };
};

/** A person with a second factor, in whose session nothing else happened. */
async function joinWithFactor(email: string) {
  const person = await join(email, 'member');
  const session = withCookie(person.cookie);
  const begun = await rig.call('/api/v1/me/two-factor', { body: { password }, ...session });
  const codeAt = (step: number) => oneTimeCode(begun.body.secret, clock.nowMs(), step);
  const confirmed = await rig.call('/api/v1/me/two-factor/confirm', { body: { code: codeAt(-1) }, ...session });
  expect(confirmed.status).toBe(204);
  const near = [-2, -1, 0, 1, 2, 3].map(codeAt);
  return {
    ...person,
    session,
    codeAt,
    wrongCode: Array.from({ length: 10 }, (_, digit) => `${digit}`.repeat(6)).find((code) => !near.includes(code)),
  };
}

/** Signs in at one of two replicas. */
const signInAt = (address: string, body: object) =>
  fetch(`${address}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...fromElsewhere() },
    body: JSON.stringify({ password, ...body }),
  });

const failuresOf = async (personId: string) =>
  (await rig.database.pool.query('select * from second_factor_failures where person_id = $1', [personId])).rows;

describe('wrong codes after the right password', () => {
  it('are looked at five times, even if all arrive at the same moment, from other networks and at two replicas', async () => {
    const { id, codeAt, wrongCode } = await joinWithFactor('guessed@acme.test');
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, guess) =>
        signInAt(guess % 2 === 0 ? rig.url : (other.address ?? ''), { email: 'guessed@acme.test', code: wrongCode }),
      ),
    );
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401]));
    expect(await failuresOf(id)).toMatchObject([{ failures: 5, total: 5 }]);
    const late = await signIn({ email: 'guessed@acme.test', code: codeAt(0) }, fromElsewhere());
    const wrong = await signIn({ email: 'guessed@acme.test', password: 'not the password' }, fromElsewhere());
    expect([late.status, late.body.error]).toEqual([401, wrong.body.error]);
  });

  it('make the account wait longer each time, and a right code ends the wait', async () => {
    const { id, codeAt, wrongCode } = await joinWithFactor('waits@acme.test');
    const guess = (code = wrongCode) => signIn({ email: 'waits@acme.test', code }, fromElsewhere());
    const waits: number[] = [];
    for (let failures = 0; failures < 8; failures += 1) {
      await guess();
      const { rows } = await rig.database.pool.query(
        `select greatest(0, extract(epoch from until - last_at))::int as seconds from second_factor_failures where person_id = $1`,
        [id],
      );
      waits.push(rows[0].seconds);
      await rig.database.pool.query(`update second_factor_failures set until = now() where person_id = $1`, [id]);
    }
    expect(waits).toEqual([0, 0, 0, 0, 60, 120, 240, 480]);
    expect((await guess(codeAt(0))).status).toBe(201);
    expect(await failuresOf(id)).toMatchObject([{ failures: 0, total: 8 }]);
  });

  it('do not lock the browser and the session of the person', async () => {
    const { id, session, codeAt, device, wrongCode } = await joinWithFactor('known@acme.test');
    for (let guess = 0; guess < 6; guess += 1)
      await signIn({ email: 'known@acme.test', code: wrongCode }, fromElsewhere());
    expect((await signIn({ email: 'known@acme.test', code: codeAt(0) }, fromElsewhere())).status).toBe(401);
    const known = await signIn({ email: 'known@acme.test', code: codeAt(0) }, { cookie: device, ...fromElsewhere() });
    expect([known.status, deviceOf(known)]).toEqual([201, expect.stringContaining('__Host-chatferry-device=per_')]);
    const stopped = await rig.call('/api/v1/me/two-factor/stop', { body: { password, code: codeAt(1) }, ...session });
    expect([stopped.status, await failuresOf(id)]).toEqual([204, []]);
  });

  it('are limited in a known browser and in a session, too', async () => {
    const { device, session, wrongCode } = await joinWithFactor('stolen@acme.test');
    const inBrowser = () =>
      signIn({ email: 'stolen@acme.test', code: wrongCode }, { cookie: device, ...fromElsewhere() });
    for (let guess = 0; guess < 5; guess += 1) expect((await inBrowser()).status).toBe(401);
    expect((await inBrowser()).status).toBe(429);
    const inSession = () => rig.call('/api/v1/me/two-factor/stop', { body: { password, code: wrongCode }, ...session });
    for (let guess = 0; guess < 5; guess += 1) expect((await inSession()).status).toBe(400);
    expect((await inSession()).status).toBe(429);
    await rig.database.pool.query('delete from login_failures');
    const locked = await inSession();
    expect([locked.status, locked.body.details[0].message]).toEqual([400, expect.stringContaining('not looked at')]);
  });

  it('raise an alarm that names the account, how often, from where and what to do, and an invitation ends the lock', async () => {
    const { id, wrongCode } = await joinWithFactor('alarming@acme.test');
    for (let guess = 0; guess < 5; guess += 1)
      await signIn({ email: 'alarming@acme.test', code: wrongCode }, { 'x-forwarded-for': `203.0.113.${guess % 2}` });
    const alarms = async () =>
      (await rig.admin('/api/v1/alarms?limit=200')).body.data.filter(
        ({ subject }: { subject: string }) => subject === id,
      );
    await expect.poll(alarms, { timeout: 30_000 }).toHaveLength(1);
    const [alarm] = await alarms();
    expect(alarm).toMatchObject({
      kind: 'second-factor-guessed',
      workspace_id: null,
      detail: expect.stringMatching(
        /right password of Invited gave 5 wrong codes .* from 203\.0\.113\.0 \(3\), 203\.0\.113\.1 \(2\)\. Until .* no code is accepted/,
      ),
      remedy: expect.stringContaining(`chatferry people invite-again ${id}`),
    });
    expect(JSON.stringify(alarm)).not.toContain('alarming@acme.test');
    const invited = await rig.admin(`/api/v1/people/${id}/invitation`, { body: {} });
    const claimed = await rig.call('/api/v1/claim', { body: { token: invited.body.invitation, password } });
    expect([claimed.status, cookieOf(claimed)]).toEqual([201, expect.stringContaining('__Host-chatferry=')]);
    expect((await signIn({ email: 'alarming@acme.test' }, fromElsewhere())).status).toBe(201);
    await expect.poll(alarms, { timeout: 30_000 }).toEqual([]);
  }, 70_000);
});

describe('a wrong password', () => {
  it('does not lock the second factor, and neither does the right one without a code', async () => {
    const { id, codeAt } = await joinWithFactor('untouched@acme.test');
    for (let guess = 0; guess < 8; guess += 1) {
      await signIn({ email: 'untouched@acme.test', password: `guess ${guess} of many` }, fromElsewhere());
      await signIn({ email: 'untouched@acme.test' }, fromElsewhere());
    }
    expect(await failuresOf(id)).toEqual([]);
    expect((await signIn({ email: 'untouched@acme.test', code: codeAt(0) }, fromElsewhere())).status).toBe(201);
  });
});
