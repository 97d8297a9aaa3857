import { type Answer, type ConnectedBot, connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { TOTP } from 'otpauth';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const password = 'four words not in songs';
const other = 'other words of no song';
const browser = { 'sec-fetch-site': 'same-origin' };
let bot: ConnectedBot;

const claimToken = (): string =>
  JSON.parse(rig.logLines.findLast((line) => line.includes('installation.unclaimed')) ?? '{}').claimToken;
const claim = (body: Readonly<Record<string, unknown>>) => rig.call('/api/v1/claim', { body });
const signIn = (body: Readonly<Record<string, unknown>>) =>
  rig.call('/api/v1/sessions', { body: { password, ...body } });
const cookieOf = ({ headers }: Answer): string => headers.get('set-cookie')?.split(';')[0] ?? '';
const as = (cookie: string, headers: Readonly<Record<string, string>> = browser) => ({
  headers: { cookie, ...headers },
});
const forgive = () => rig.database.pool.query('delete from login_failures');

/** Invites a person and signs them in. */
async function join(email: string, role: string, workspaces: readonly string[] | null = null) {
  const invited = await rig.admin('/api/v1/people', { body: { email, name: 'Invited', role, workspaces } });
  expect([email, invited.status]).toEqual([email, 201]);
  const claimed = await claim({ token: invited.body.invitation, password });
  expect([email, claimed.status]).toEqual([email, 201]);
  return { id: invited.body.id as string, cookie: cookieOf(claimed) };
}

beforeAll(async () => {
  bot = await connectBot(rig);
});
afterEach(forgive);

describe('the first owner', () => {
  it('is created with the token in the log, which works once', async () => {
    const token = claimToken();
    const body = { token, email: 'Ada@Acme.test', name: 'Ada', password };
    expect((await claim({ ...body, token: `${token}x` })).status).toBe(401);
    expect((await claim({ token, password })).body.details[0].pointer).toBe('/email');
    const claimed = await claim(body);
    expect(claimed.status).toBe(201);
    expect(claimed.body).toMatchObject({ email: 'ada@acme.test', role: 'owner', workspaces: null, state: 'active' });
    expect((await claim({ ...body, email: 'eve@acme.test' })).status).toBe(401);
    const me = await rig.call('/api/v1/me', as(cookieOf(claimed)));
    expect(me.body).toMatchObject({ kind: 'person', id: claimed.body.id, person: { name: 'Ada' } });
  });

  it('is not offered again at a start after an account exists', async () => {
    const offers = () => rig.logLines.filter((line) => line.includes('installation.unclaimed')).length;
    const before = offers();
    await rig.restart();
    expect(offers()).toBe(before);
  });
});

describe('a session', () => {
  it('is a cookie for this host, over HTTPS only, hidden from scripts and from other sites', async () => {
    const { cookie } = await join('cookie@acme.test', 'member');
    const answer = await signIn({ email: 'COOKIE@acme.test' });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-chatferry=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(cookieOf(answer)).not.toBe(cookie);
    const { rows } = await rig.database.pool.query('select s.*::text as row from sessions s');
    expect(JSON.stringify(rows)).not.toContain(cookieOf(answer).split('=')[1]);
  });

  it('appears in the list and can be ended on its own', async () => {
    const { cookie } = await join('list@acme.test', 'member');
    const second = cookieOf(await signIn({ email: 'list@acme.test' }));
    const { data } = (await rig.call('/api/v1/sessions', as(second))).body;
    expect(data.map(({ current }: { current: boolean }) => current)).toEqual([true, false]);
    expect((await rig.call(`/api/v1/sessions/${data[1].id}`, { method: 'DELETE', ...as(second) })).status).toBe(204);
    expect((await rig.call('/api/v1/me', as(cookie))).status).toBe(401);
    const out = await rig.call('/api/v1/sessions/current', { method: 'DELETE', ...as(second) });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await rig.call('/api/v1/me', as(second))).status).toBe(401);
  });

  it.each([
    ['is unused for half an hour', 'seen_at', '31 minutes'],
    ['is half a day old, even if it is in use', 'created_at', '12 hours'],
  ])('ends when it %s', async (name, column, age) => {
    const { id, cookie } = await join(`${column.replace('_', '-')}@acme.test`, 'member');
    expect([name, (await rig.call('/api/v1/me', as(cookie))).status]).toEqual([name, 200]);
    await rig.database.pool.query(`update sessions set ${column} = now() - $2::interval where person_id = $1`, [
      id,
      age,
    ]);
    expect([name, (await rig.call('/api/v1/me', as(cookie))).status]).toEqual([name, 401]);
  });

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['from an address that was typed in', { 'sec-fetch-site': 'none' }],
    ['by an old browser on another origin', { origin: 'https://evil.test' }],
    ['by a request that does not say where it comes from', {}],
  ])('changes nothing when it is used %s', async (_name, headers) => {
    const cookie = cookieOf(await signIn({ email: 'ada@acme.test' }));
    const refused = await rig.call(`/api/v1/keys/${bot.keyId}`, {
      method: 'PATCH',
      body: { name: 'Stolen' },
      ...as(cookie, headers),
    });
    expect([refused.status, refused.body.error_code]).toEqual([403, 102]);
    expect((await rig.admin(`/api/v1/keys/${bot.keyId}`)).body.name).not.toBe('Stolen');
  });

  it('changes things from its own origin, also in an old browser', async () => {
    const cookie = cookieOf(await signIn({ email: 'ada@acme.test' }));
    for (const headers of [browser, { origin: rig.url }]) {
      const changed = await rig.call(`/api/v1/keys/${bot.keyId}`, {
        method: 'PATCH',
        body: { name: 'Kept' },
        ...as(cookie, headers),
      });
      expect(changed.status).toBe(200);
    }
  });
});

describe('a sign-in', () => {
  it('gives the same answer to an unknown address, a wrong password and a disabled account', async () => {
    await join('disabled@acme.test', 'member');
    const { data } = (await rig.admin('/api/v1/people?limit=200')).body;
    const { id } = data.find(({ email }: { email: string }) => email === 'disabled@acme.test');
    await rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { state: 'disabled' } });
    const answers = await Promise.all([
      signIn({ email: 'nobody@acme.test' }),
      signIn({ email: 'ada@acme.test', password: other }),
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

  it('is in the audit log, whether it succeeds or fails, unless it was refused unchecked', async () => {
    const entries = async () =>
      (await rig.admin('/api/v1/audit?limit=200')).body.data.filter(
        (one: { action: string }) => one.action === 'signIn',
      );
    const { id } = await join('written@acme.test', 'member');
    const before = (await entries()).length;
    await signIn({ email: 'written@acme.test' });
    await signIn({ email: 'written@acme.test', password: other });
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

  it('requires a code once the second factor is confirmed, and accepts each code once', async () => {
    const { cookie } = await join('factor@acme.test', 'member');
    const start = await rig.call('/api/v1/me/two-factor', { body: { password }, ...as(cookie) });
    expect(start.body.uri).toContain('otpauth://totp/Chatferry');
    const codeAt = (step: number) =>
      new TOTP({ secret: start.body.secret }).generate({ timestamp: Date.now() + step * 30_000 });
    expect((await signIn({ email: 'factor@acme.test' })).status).toBe(201);
    const wrong = await rig.call('/api/v1/me/two-factor/confirm', { body: { code: '000000' }, ...as(cookie) });
    expect([wrong.status, wrong.body.details[0].pointer]).toEqual([400, '/code']);
    const code = codeAt(-1);
    expect((await rig.call('/api/v1/me/two-factor/confirm', { body: { code }, ...as(cookie) })).status).toBe(204);
    expect((await signIn({ email: 'factor@acme.test' })).status).toBe(401);
    expect((await signIn({ email: 'factor@acme.test', code })).status).toBe(401);
    const next = codeAt(0);
    expect((await signIn({ email: 'factor@acme.test', code: next })).status).toBe(201);
    expect((await signIn({ email: 'factor@acme.test', code: next })).status).toBe(401);
    const alone = { body: { password }, ...as(cookie) };
    for (const path of ['/api/v1/me/two-factor', '/api/v1/me/two-factor/stop']) {
      const refused = await rig.call(path, alone);
      expect([path, refused.status, refused.body.details[0].pointer]).toEqual([path, 400, '/code']);
    }
    // The fifth failure: the code that was used again at the sign-in was the first.
    expect((await rig.call('/api/v1/me/two-factor/stop', alone)).status).toBe(400);
    expect((await rig.call('/api/v1/me/two-factor/stop', alone)).status).toBe(400);
    expect((await rig.call('/api/v1/me/two-factor/stop', alone)).status).toBe(429);
    await forgive();
    const both = { body: { password, code: codeAt(1) }, ...as(cookie) };
    expect((await rig.call('/api/v1/me/two-factor/stop', both)).status).toBe(204);
    expect((await signIn({ email: 'factor@acme.test' })).status).toBe(201);
    const { rows } = await rig.database.pool.query('select p.*::text as row from people p');
    expect(JSON.stringify(rows)).not.toContain(start.body.secret);
  });
});

describe('a password', () => {
  it.each([
    ['that is common', 'password123'],
    ['that is common with a suffix', 'Football2026!!'],
    ['of one letter', 'aaaaaaaaaaaa'],
    ['that contains the person’s own address', 'weak@acme.test!!'],
    ['that is short', 'x9$Lq2'],
  ])('%s is refused with the reason', async (_name, weak) => {
    const invited = await rig.admin('/api/v1/people', {
      body: { email: 'weak@acme.test', name: 'Weak', role: 'member' },
    });
    const token =
      invited.status === 201
        ? invited.body.invitation
        : (await rig.admin(`/api/v1/people/${await idOf('weak@acme.test')}/invitation`, { body: {} })).body.invitation;
    const refused = await claim({ token, password: weak });
    expect([refused.status, refused.body.details[0].pointer]).toEqual([400, '/password']);
  });

  it('is changed by a person who knows the old one, and the other sessions end', async () => {
    const { cookie } = await join('change@acme.test', 'member');
    const second = cookieOf(await signIn({ email: 'change@acme.test' }));
    const change = (current: string) =>
      rig.call('/api/v1/me/password', { body: { current_password: current, password: other }, ...as(second) });
    expect((await change(other)).body.details[0].pointer).toBe('/current_password');
    expect((await change(password)).status).toBe(204);
    expect((await rig.call('/api/v1/me', as(second))).status).toBe(200);
    expect((await rig.call('/api/v1/me', as(cookie))).status).toBe(401);
    expect((await signIn({ email: 'change@acme.test' })).status).toBe(401);
    expect((await signIn({ email: 'change@acme.test', password: other })).status).toBe(201);
  });

  it('is stored as a slow digest', async () => {
    // A gateway as the product composes it: the rig itself uses cheap digests.
    const { address } = await rig.startAnother({}, {});
    const invited = await rig.admin('/api/v1/people', {
      body: { email: 'slow@acme.test', name: 'Slow', role: 'member' },
    });
    const post = (path: string, body: unknown) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const claimed = await post('/api/v1/claim', { token: invited.body.invitation, password });
    const { rows } = await rig.database.pool.query<{ password: string }>('select password from people where id = $1', [
      invited.body.id,
    ]);
    expect([claimed.status, rows[0]?.password]).toEqual([
      201,
      expect.stringMatching(/^scrypt\$17\$[A-Za-z0-9_-]{22}\$[A-Za-z0-9_-]{43}$/),
    ]);
    expect((await post('/api/v1/sessions', { email: 'slow@acme.test', password: other })).status).toBe(401);
    expect((await post('/api/v1/sessions', { email: 'slow@acme.test', password })).status).toBe(201);
  });
});

const idOf = async (email: string): Promise<string> =>
  (await rig.admin('/api/v1/people?limit=200')).body.data.find((one: { email: string }) => one.email === email).id;

describe('a role', () => {
  const tries = {
    read: () => ['/api/v1/channels', {}] as const,
    handle: () => [`/api/v1/channels/${bot.channelId}/check`, { method: 'POST' }] as const,
    manage: () => [`/api/v1/keys/${bot.keyId}`, { method: 'PATCH', body: { name: 'By role' } }] as const,
    administer: () => ['/api/v1/people', {}] as const,
  };

  it.each([
    ['owner', ['read', 'handle', 'manage', 'administer']],
    ['admin', ['read', 'handle', 'manage', 'administer']],
    ['member', ['read', 'handle']],
    ['read-only', ['read']],
  ])('%s allows exactly %j, to a person and to a token', async (role, may) => {
    const { cookie } = await join(`${role}-does@acme.test`, role);
    const token = (await rig.admin('/api/v1/tokens', { body: { name: 'Script', role } })).body.secret;
    for (const [name, request] of Object.entries(tries)) {
      const [path, options] = request();
      const byPerson = await rig.call(path, { ...options, ...as(cookie) });
      const byToken = await rig.call(path, { ...options, headers: { authorization: `Bearer ${token}` } });
      const expected = may.includes(name) ? 200 : 403;
      expect([name, byPerson.status, byToken.status]).toEqual([name, expected, expected]);
    }
  });

  it('of an owner is managed by owners only, and the last owner cannot be removed', async () => {
    const admin = await join('admin-decides@acme.test', 'admin');
    const ada = await idOf('ada@acme.test');
    const change = (id: string, body: unknown, cookie: string) =>
      rig.call(`/api/v1/people/${id}`, { method: 'PATCH', body, ...as(cookie) });
    expect((await change(ada, { role: 'member' }, admin.cookie)).status).toBe(403);
    expect((await change(admin.id, { role: 'owner' }, admin.cookie)).status).toBe(403);
    const invite = await rig.call('/api/v1/people', {
      body: { email: 'x@acme.test', name: 'X', role: 'owner' },
      ...as(admin.cookie),
    });
    expect(invite.status).toBe(403);
    const token = await rig.call('/api/v1/tokens', { body: { name: 'X', role: 'owner' }, ...as(admin.cookie) });
    expect(token.status).toBe(403);
    await rig.admin(`/api/v1/people/${await idOf('owner-does@acme.test')}`, { method: 'DELETE' });
    expect((await rig.admin(`/api/v1/people/${ada}`, { method: 'DELETE' })).status).toBe(400);
    expect((await rig.admin(`/api/v1/people/${ada}`, { method: 'PATCH', body: { state: 'disabled' } })).status).toBe(
      400,
    );
  });

  it('of an owner remains when two owners demote each other at the same moment, and an unused invitation does not count as an owner', async () => {
    const ada = await idOf('ada@acme.test');
    await rig.admin('/api/v1/people', { body: { email: 'never-came@acme.test', name: 'Z', role: 'owner' } });
    expect((await rig.admin(`/api/v1/people/${ada}`, { method: 'DELETE' })).status).toBe(400);
    const neverCame = await idOf('never-came@acme.test');
    expect((await rig.admin(`/api/v1/people/${neverCame}`, { method: 'DELETE' })).status).toBe(204);
    const second = await join('second-owner@acme.test', 'owner');
    const holder = await rig.database.pool.connect();
    const waiting = async (): Promise<number> =>
      (
        await rig.database.pool.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
      ).rowCount ?? 0;
    let isOver = false;
    const demote = (id: string) => rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { role: 'admin' } });
    try {
      await holder.query('begin');
      await holder.query('select 1 from people where id = $1 for update', [ada]);
      const first = demote(ada);
      while ((await waiting()) < 1);
      const other = demote(second.id).finally(() => {
        isOver = true;
      });
      while (!isOver && (await waiting()) < 2);
      await holder.query('commit');
      expect([(await first).status, (await other).status].toSorted()).toEqual([200, 400]);
    } finally {
      holder.release();
    }
    await rig.admin(`/api/v1/people/${ada}`, { method: 'PATCH', body: { role: 'owner' } });
    await rig.admin(`/api/v1/people/${second.id}`, { method: 'DELETE' });
  });

  it('that changes ends the sessions of the person', async () => {
    const { id, cookie } = await join('demoted@acme.test', 'admin');
    await rig.admin(`/api/v1/people/${id}`, { method: 'PATCH', body: { role: 'read-only' } });
    expect((await rig.call('/api/v1/me', as(cookie))).status).toBe(401);
  });

  it('in one workspace reads that workspace and nothing else of the installation', async () => {
    const foreign = await connectBot(rig);
    const { cookie } = await join('granted@acme.test', 'admin', [bot.workspaceId]);
    const seen = await rig.call('/api/v1/workspaces', as(cookie));
    expect(seen.body.data.map(({ id }: { id: string }) => id)).toEqual([bot.workspaceId]);
    expect((await rig.call(`/api/v1/channels/${foreign.channelId}`, as(cookie))).status).toBe(404);
    expect((await rig.call('/api/v1/people', as(cookie))).status).toBe(403);
    expect((await rig.call('/api/v1/me', as(cookie))).body).toMatchObject({ workspaces: [bot.workspaceId] });
  });
});

describe('a token for a script', () => {
  it('is shown once, records its use, and stops working when it is revoked or expired', async () => {
    const make = async (body: object) =>
      (await rig.admin('/api/v1/tokens', { body: { name: 'Nightly', role: 'read-only', ...body } })).body;
    const { secret, ...token } = await make({});
    expect(secret).toMatch(/^cft_[A-Za-z0-9_-]{43}$/);
    const use = (presented: string) => rig.call('/api/v1/me', { headers: { authorization: `Bearer ${presented}` } });
    expect((await use(secret)).body).toMatchObject({ kind: 'token', id: token.id });
    const listed = (await rig.admin('/api/v1/tokens?limit=200')).body.data.find(
      ({ id }: { id: string }) => id === token.id,
    );
    expect(listed).toMatchObject({ last_used_from: '127.0.0.1', last_used_at: expect.any(String) });
    expect(JSON.stringify(listed)).not.toContain(secret);
    await rig.admin(`/api/v1/tokens/${token.id}/revoke`, { body: {} });
    expect((await use(secret)).status).toBe(401);
    expect((await use((await make({ expires_at: '2020-01-01T00:00:00Z' })).secret)).status).toBe(401);
  });
});

describe('every answer', () => {
  it.each(['/api/v1/me', '/healthz', '/nowhere', '/connect/none'])(
    'of %s forbids framing, content sniffing, caching and referrers',
    async (path) => {
      const { headers } = await fetch(`${rig.url}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );
});
