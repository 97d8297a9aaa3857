import { randomUUID } from 'node:crypto';
import { operations } from '@chatferry/contract';
import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import type { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { operator } from '../core/access/principal.ts';
import { endKeyedRequest } from '../engine/send/end-keyed-request.ts';
import { releaseKey } from '../engine/send/release-key.ts';
import { createVault } from '../secrets/sealed.ts';
import { idempotency } from '../store/idempotency.ts';
import { ApiError } from './api-error.ts';
import { runOnce } from './run-once.ts';

const rig = await startRig();
const bot = await connectBot(rig);
const withKey = (key: string) => ({ 'idempotency-key': key });
const rowsOf = async (route: string) =>
  (await rig.database.pool.query('select * from idempotency_keys where route = $1', [route])).rows;

describe('a repeated request whose answer shows a secret', () => {
  it.each([
    ['a key', '/api/v1/keys', () => ({ kind: 'channel', channel_id: bot.channelId }), 'DELETE /api/v1/keys/'],
    ['an admin token', '/api/v1/tokens', () => ({ name: 'Script', role: 'read-only' }), 'revoke'],
    ['a person', '/api/v1/people', () => ({ email: 'a@b.test', name: 'Ada', role: 'member' }), 'invitation'],
  ])('makes %s once, and names it with the next step in place of the secret', async (_what, path, body, step) => {
    const headers = withKey(randomUUID());
    const ask = () => rig.admin(path, { body: body(), headers });
    const count = async () => (await rig.admin(`${path}?limit=200`)).body.data.length;
    const before = await count();
    const [first, again] = [await ask(), await ask()];
    expect([first.status, again.status, again.body.error_name]).toEqual([201, 409, 'NOT_REPEATABLE']);
    expect(again.body.error).toContain(first.body.id);
    expect(again.body.error).toContain(step);
    expect(JSON.stringify(again.body)).not.toContain(first.body.secret ?? first.body.invitation);
    expect(await count()).toBe(before + 1);
    expect((await rowsOf(`POST ${path}`)).map(({ answer }) => answer)).toEqual([null]);
  });

  it('does not show the secret after the key was deleted, nor make another key', async () => {
    const headers = withKey(randomUUID());
    const ask = () => rig.admin(`/api/v1/keys/${bot.keyId}/rotate`, { body: {}, headers });
    const first = await ask();
    await rig.admin(`/api/v1/keys/${first.body.id}`, { method: 'DELETE' });
    const again = await ask();
    expect([again.status, again.body.error_code]).toEqual([409, 110]);
    expect(JSON.stringify(again.body)).not.toContain(first.body.secret);
  });
});

describe('requests with one Idempotency-Key at the same moment', () => {
  it('make one key, whichever of them is first', async () => {
    const body = { kind: 'channel', channel_id: bot.channelId, name: 'At once' };
    for (let round = 1; round <= 10; round += 1) {
      const headers = withKey(randomUUID());
      const ask = () => rig.admin('/api/v1/keys', { body, headers });
      const statuses = (await Promise.all(Array.from({ length: 8 }, ask))).map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
      expect(new Set(statuses)).toEqual(new Set([201, 409]));
    }
  });
});

describe('a request whose repetition is harmless', () => {
  it.each([
    ['an export', '/api/v1/customers/export'],
    ['an erasure', '/api/v1/customers/erase'],
  ])('leaves no trace of its key and its body: %s', async (_what, path) => {
    const ask = () =>
      rig.admin(path, {
        body: { workspace_id: bot.workspaceId, telegram_user_id: '6000000001' },
        headers: withKey('for-6000000001'),
      });
    const [first, again] = [await ask(), await ask()];
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 200, null]);
    expect(await rowsOf(`POST ${path}`)).toEqual([]);
  });
});

describe('a stored answer', () => {
  it('is found by keyed digests only: neither the key nor the body is stored', async () => {
    const { rows } = await rig.database.pool.query(
      `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
       values ($1, 'inbox:x:1', 'mirror', '{}', 'of a test', 1) returning id`,
      [bot.workspaceId],
    );
    const ask = () =>
      rig.admin(`/api/v1/dead-letters/ddl_${rows[0].id}/discard`, {
        body: { reason: 'no use' },
        headers: withKey('asked-by-Zvonimira'),
      });
    const [first, again] = [await ask(), await ask()];
    expect([first.status, again.body]).toEqual([200, first.body]);
    const [row] = await rowsOf('POST /api/v1/dead-letters/{dead_letter_id}/discard');
    expect(row.workspace_id).toBe(bot.workspaceId);
    expect(JSON.stringify(row)).not.toContain('Zvonimira');
    expect(row.answer.toString('latin1')).not.toContain('no use');
  });

  it('is deleted when a customer of its workspace is erased, and the request is still not carried out again', async () => {
    const answers = () => rowsOf('POST /api/v1/dead-letters/{dead_letter_id}/discard');
    const [kept] = await answers();
    expect(kept.answer).not.toBeNull();
    const body = { workspace_id: bot.workspaceId, telegram_user_id: '6000000002' };
    expect((await rig.admin('/api/v1/customers/erase', { body })).status).toBe(200);
    expect((await answers()).map(({ answer, ended }) => [answer, ended])).toEqual([[null, 'done']]);
    const again = await rig.admin(`/api/v1/dead-letters/${kept.made}/discard`, {
      body: { reason: 'no use' },
      headers: withKey('asked-by-Zvonimira'),
    });
    expect([again.status, again.body.error_code]).toEqual([409, 110]);
    expect(again.body.error).toContain('erased');
  });
});

const database = await freshDatabase();
await database.pool.query('create table made (id int generated always as identity)');

type Fault = { readonly statement: number; readonly when: 'before' | 'after' };
const lost = () => new Error('the connection was lost');

/** A database that fails at one statement: before it is carried out, or after, when only its answer is lost. */
function failingAt(fault: Fault | null): { readonly pool: Pool; readonly count: () => number } {
  let statements = 0;
  const query = async (...given: Parameters<Pool['query']>) => {
    statements += 1;
    const fails = statements === fault?.statement;
    if (fails && fault.when === 'before') throw lost();
    const answer = await database.pool.query(...given);
    if (fails) throw lost();
    return answer;
  };
  return { pool: { query } as unknown as Pool, count: () => statements };
}

const vault = createVault({ primary: { id: 'test', key: Buffer.alloc(32, 7) }, others: [] });
const { rows: epochs } = await database.pool.query(
  `insert into processes (alive_until) values (now() + interval '1 hour') returning epoch`,
);

/** One request whose work is one statement. Its retries in the background wait for `recover`. */
function arrange(key: string, fault: Fault | null) {
  const { pool, count } = failingAt(fault);
  const waiting: (() => Promise<void>)[] = [];
  const plain = idempotency(pool);
  const nothing = () => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const retryUntilStored = (_name: string, work: () => Promise<void>) => void waiting.push(work);
  const parts = { store: { idempotency: plain }, retryUntilStored, log };
  const store = {
    idempotency: {
      ...plain,
      release: (...given: Parameters<typeof plain.release>) => releaseKey(parts, ...given),
      end: (...given: Parameters<typeof plain.end>) => endKeyedRequest(parts, ...given),
    },
    messages: { read: async () => null },
  };
  const epoch = Number(epochs[0].epoch);
  const deps = { store, vault, epoch, digestOf: (text: string) => Buffer.from(text) };
  const context = () => ({ requestId: randomUUID(), principal: operator, idempotencyKey: key, markReplayed: nothing });
  const insert = async () => {
    const { rows } = await pool.query('insert into made default values returning id');
    return { id: String(rows[0].id) };
  };
  return {
    count,
    ask: (spec: 'createWorkspace' | 'createKey', run: () => Promise<unknown> = insert) =>
      runOnce(deps, context(), { spec: operations[spec], path: '/x', body: {} }, run).then(
        () => 'answered',
        (cause: unknown) => (cause instanceof ApiError ? cause.error : 'failed'),
      ),
    recover: async () => {
      for (const work of waiting.splice(0)) await work();
    },
  };
}

const madeCount = async () => (await database.pool.query('select * from made')).rowCount ?? 0;

describe.each(['createWorkspace', 'createKey'] as const)('a database that fails during %s', (spec) => {
  const faults = [1, 2, 3, 4].flatMap((statement) =>
    (['before', 'after'] as const).map((when): Fault => ({ statement, when })),
  );

  it('is tried at every statement of the request', async () => {
    const whole = arrange(randomUUID(), null);
    await whole.ask(spec);
    expect(whole.count()).toBe(Math.max(...faults.map(({ statement }) => statement)));
  });

  it.each(faults)(
    'at statement %j never leads to a second run, nor to a key that is in use for ever',
    async (fault) => {
      const key = randomUUID();
      const before = await madeCount();
      const failing = arrange(key, fault);
      const first = await failing.ask(spec);
      const early = await arrange(key, null).ask(spec);
      await failing.recover();
      const late = await arrange(key, null).ask(spec);
      expect(await madeCount()).toBeLessThanOrEqual(before + 1);
      const repeated = spec === 'createKey' ? 'NOT_REPEATABLE' : 'answered';
      const expected = {
        1: ['failed', 'answered', repeated],
        2: ['failed', 'answered', repeated],
        3: ['failed', 'NOT_REPEATABLE', 'NOT_REPEATABLE'],
        4: ['answered', fault.when === 'before' ? 'IDEMPOTENCY_CONFLICT' : repeated, repeated],
      }[fault.statement];
      expect([first, early, late]).toEqual(expected);
    },
  );

  it('during the release of a refused request delays the next try only until the release is repeated', async () => {
    const key = randomUUID();
    const failing = arrange(key, { statement: 3, when: 'before' });
    const refuse = async () => {
      throw new ApiError('NOT_FOUND');
    };
    expect(await failing.ask(spec, refuse)).toBe('NOT_FOUND');
    expect(await arrange(key, null).ask(spec)).toBe('IDEMPOTENCY_CONFLICT');
    await failing.recover();
    expect(await arrange(key, null).ask(spec)).toBe('answered');
  });

  it('and a process that dies in it leave a key that is not used for a second run', async () => {
    const key = randomUUID();
    const before = await madeCount();
    const dying = arrange(key, { statement: 4, when: 'before' });
    await dying.ask(spec);
    await database.pool.query(`update idempotency_keys set epoch = 0 where ended is null`);
    expect(await arrange(key, null).ask(spec)).toBe('NOT_REPEATABLE');
    expect(await madeCount()).toBe(before + 1);
  });
});
