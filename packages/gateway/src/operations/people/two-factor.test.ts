import { createMidStepClock } from '@chatferry/testkit/clocks/mid-step-clock';
import { otherPassword, password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';

const clock = createMidStepClock();
const { forgive, join, rig, signIn } = await startPeopleRig({}, clock);

describe('a sign-in', () => {
  it('requires a code once the second factor is confirmed, and accepts each code once', async () => {
    const { cookie } = await join('factor@acme.test', 'member');
    const start = await rig.call('/api/v1/me/two-factor', { body: { password }, ...withCookie(cookie) });
    expect(start.body.uri).toContain('otpauth://totp/Chatferry');
    const codeAt = (step: number) =>
      new TOTP({ secret: start.body.secret }).generate({ timestamp: clock.nowMs() + step * 30_000 });
    expect((await signIn({ email: 'factor@acme.test' })).status).toBe(201);
    const wrong = await rig.call('/api/v1/me/two-factor/confirm', { body: { code: '000000' }, ...withCookie(cookie) });
    expect([wrong.status, wrong.body.details[0].pointer]).toEqual([400, '/code']);
    const code = codeAt(-1);
    expect((await rig.call('/api/v1/me/two-factor/confirm', { body: { code }, ...withCookie(cookie) })).status).toBe(
      204,
    );
    expect((await signIn({ email: 'factor@acme.test' })).status).toBe(401);
    expect((await signIn({ email: 'factor@acme.test', code })).status).toBe(401);
    const next = codeAt(0);
    expect((await signIn({ email: 'factor@acme.test', code: next })).status).toBe(201);
    expect((await signIn({ email: 'factor@acme.test', code: next })).status).toBe(401);
    const alone = { body: { password }, ...withCookie(cookie) };
    for (const path of ['/api/v1/me/two-factor', '/api/v1/me/two-factor/stop']) {
      const refused = await rig.call(path, alone);
      expect([path, refused.status, refused.body.details[0].pointer]).toEqual([path, 400, '/code']);
    }
    for (let failures = 2; failures < 5; failures += 1)
      expect((await rig.call('/api/v1/me/two-factor/stop', alone)).status).toBe(400);
    expect((await rig.call('/api/v1/me/two-factor/stop', alone)).status).toBe(429);
    await forgive();
    const both = { body: { password, code: codeAt(1) }, ...withCookie(cookie) };
    expect((await rig.call('/api/v1/me/two-factor/stop', both)).status).toBe(204);
    expect((await signIn({ email: 'factor@acme.test' })).status).toBe(201);
    const { rows } = await rig.database.pool.query('select p.*::text as row from people p');
    expect(JSON.stringify(rows)).not.toContain(start.body.secret);
  });
});

describe('a second factor that is replaced', () => {
  const codeOf = (secret: string, step = 0) =>
    new TOTP({ secret }).generate({ timestamp: clock.nowMs() + step * 30_000 });

  /** A person with a confirmed second factor who has begun another one. */
  async function joinAndReplace(email: string) {
    const { cookie } = await join(email, 'member');
    const session = withCookie(cookie);
    const begin = async (body: object) => (await rig.call('/api/v1/me/two-factor', { body, ...session })).body.secret;
    const confirm = (code: string) => rig.call('/api/v1/me/two-factor/confirm', { body: { code }, ...session });
    const old = await begin({ password });
    expect((await confirm(codeOf(old, -1))).status).toBe(204);
    const next = await begin({ password, code: codeOf(old) });
    return { confirm, next, old, session };
  }

  it('stays in force until a code of the new one is confirmed, and the new one counts from then on', async () => {
    const { confirm, next, old } = await joinAndReplace('replaces@acme.test');
    expect((await signIn({ email: 'replaces@acme.test' })).status).toBe(401);
    expect((await signIn({ email: 'replaces@acme.test', code: codeOf(next) })).status).toBe(401);
    expect((await signIn({ email: 'replaces@acme.test', code: codeOf(old, 1) })).status).toBe(201);
    expect((await confirm(codeOf(old, 1))).status).toBe(400);
    expect((await confirm(codeOf(next))).status).toBe(204);
    await forgive();
    expect((await signIn({ email: 'replaces@acme.test', code: codeOf(old, 1) })).status).toBe(401);
    expect((await signIn({ email: 'replaces@acme.test', code: codeOf(next, 1) })).status).toBe(201);
  });

  it('stays for ever if the new one is not confirmed within 15 minutes', async () => {
    const { confirm, next, old } = await joinAndReplace('forgets@acme.test');
    await rig.database.pool.query(`update people set pending_totp_at = pending_totp_at - interval '15 minutes'`);
    const late = await confirm(codeOf(next));
    expect([late.status, late.body.details[0].message]).toEqual([400, expect.stringContaining('within 15 minutes')]);
    expect((await signIn({ email: 'forgets@acme.test', code: codeOf(old, 1) })).status).toBe(201);
  });

  it('cannot be confirmed twice, nor after the password changed', async () => {
    const { confirm, next, session } = await joinAndReplace('twice@acme.test');
    const body = { current_password: password, password: otherPassword };
    expect((await rig.call('/api/v1/me/password', { body, ...session })).status).toBe(204);
    expect((await confirm(codeOf(next))).status).toBe(400);
  });
});
