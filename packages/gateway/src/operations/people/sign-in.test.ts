import { cookieOf, otherPassword, password, startPeopleRig } from '@chatferry/testkit/rigs/people-rig';
import { beforeAll, describe, expect, it } from 'vitest';

const { join, rig, signIn } = await startPeopleRig();

beforeAll(async () => {
  await join('ada@acme.test', 'owner');
});

describe('a sign-in', () => {
  it('gives the same answer to an unknown address, a wrong password and a disabled account', async () => {
    await join('disabled@acme.test', 'member');
    const { data } = (await rig.admin('/api/v1/people?limit=200')).body;
    const { id } = data.find(({ email }: { email: string }) => email === 'disabled@acme.test');
    await rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { state: 'disabled' } });
    const answers = await Promise.all([
      signIn({ email: 'unknown@acme.test' }),
      signIn({ email: 'ada@acme.test', password: otherPassword }),
      signIn({ email: 'disabled@acme.test' }),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.error]).toEqual([401, answers[0]?.body.error]);
    }
  });

  it('is refused when another site asks for it', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const refused = await rig.call('/api/v1/sessions', {
        headers: { 'sec-fetch-site': site },
        body: { email: 'ada@acme.test', password },
      });
      expect([site, refused.status, cookieOf(refused)]).toEqual([site, 403, '']);
    }
  });

  it('has to wait after five failures, even with the right password', async () => {
    await join('guessed@acme.test', 'member');
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await signIn({ email: 'guessed@acme.test', password: `guess ${guess} of many` })).status).toBe(401);
    }
    const refused = await signIn({ email: 'guessed@acme.test' });
    expect([refused.status, refused.body.error_code]).toEqual([429, 129]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
    expect((await signIn({ email: 'ada@acme.test' })).status).toBe(201);
    await rig.database.pool.query(`update login_failures set until = now()`);
    expect((await signIn({ email: 'guessed@acme.test' })).status).toBe(201);
  });

  it('has to wait after five failures, even if all guesses arrive at the same moment', async () => {
    await join('crowded@acme.test', 'member');
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, guess) =>
        signIn({ email: 'crowded@acme.test', password: `guess ${guess} of many` }),
      ),
    );
    const counts = (status: number) => guesses.filter((answer) => answer.status === status).length;
    expect([counts(401), counts(429)]).toEqual([5, 25]);
    expect(guesses.every(({ status, headers }) => status === 401 || headers.has('retry-after'))).toBe(true);
  });

  it('has to wait after five failures, even if all guesses arrive at the same moment at two replicas', async () => {
    await join('replicated@acme.test', 'member');
    const other = await rig.startAnother();
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, guess) =>
        fetch(`${guess % 2 === 0 ? rig.url : other.address}/api/v1/sessions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: 'replicated@acme.test', password: `guess ${guess} of many` }),
        }),
      ),
    );
    const counts = (status: number) => guesses.filter((answer) => answer.status === status).length;
    expect([counts(401), counts(429)]).toEqual([5, 35]);
  });

  it('finds no account by an address that only resembles its own, and no such address can be stored', async () => {
    await join('kate@acme.test', 'member');
    expect((await signIn({ email: 'KATE@acme.test' })).status).toBe(201);
    expect((await signIn({ email: '\u212aate@acme.test' })).status).toBe(400);
    const invite = { email: '\u212aarl@acme.test', name: 'Karl', role: 'member' };
    expect((await rig.admin('/api/v1/people', { body: invite })).status).toBe(400);
    const insert = `insert into people (id, email, name, role) values ('per_x', $1, 'X', 'member')`;
    await expect(rig.database.pool.query(insert, ['kat\u00e9@acme.test'])).rejects.toThrow('people_email_check');
  });

  it('is in the audit log, whether it succeeds or fails, unless it was refused unchecked', async () => {
    const entries = async () =>
      (await rig.admin('/api/v1/audit?limit=200')).body.data.filter(
        (one: { action: string }) => one.action === 'signIn',
      );
    const { id } = await join('written@acme.test', 'member');
    const before = (await entries()).length;
    await signIn({ email: 'written@acme.test' });
    await signIn({ email: 'written@acme.test', password: otherPassword });
    await signIn({ email: 'no address' });
    await rig.database.pool.query(`update login_failures set until = now() + interval '1 minute'`);
    expect((await signIn({ email: 'written@acme.test' })).status).toBe(429);
    const [failed, succeeded, ...rest] = await entries();
    expect(rest).toHaveLength(before);
    expect(failed).toMatchObject({
      actor: { kind: 'nobody' },
      address: '127.0.0.1',
      phase: 'ended',
      status: 401,
      object: null,
    });
    expect(succeeded).toMatchObject({ phase: 'ended', status: 201, object: id });
  });
});
