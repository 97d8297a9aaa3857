import { password, startPeopleRig, withCookie } from '@chatferry/testkit/rigs/people-rig';
import { TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';

const { forgive, join, rig, signIn } = await startPeopleRig();

describe('a sign-in', () => {
  it('requires a code once the second factor is confirmed, and accepts each code once', async () => {
    const { cookie } = await join('factor@acme.test', 'member');
    const start = await rig.call('/api/v1/me/two-factor', { body: { password }, ...withCookie(cookie) });
    expect(start.body.uri).toContain('otpauth://totp/Chatferry');
    const codeAt = (step: number) =>
      new TOTP({ secret: start.body.secret }).generate({ timestamp: Date.now() + step * 30_000 });
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
    // The fifth failure: the code that was used again at the sign-in was the first.
    expect((await rig.call('/api/v1/me/two-factor/stop', alone)).status).toBe(400);
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
