import { join } from 'node:path';
import { startPooler } from '@chatferry/testkit/postgres/pooler';
import { openDatabase, type TestDatabase } from '@chatferry/testkit/postgres/postgres';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { beforeAll, describe, expect, inject, it, type TestContext } from 'vitest';
import { connectBot, sendTo } from './process-bot.ts';
import { openProcessRig, type RunningGateway } from './process-rig.ts';
import { toUrl } from './replica-rig.ts';

beforeAll(buildPrograms, buildLimitMs);

const { runtimeRole } = inject('postgres');

/** The address of the database with the role of the running gateway, which owns nothing. */
function runtimeUrl(database: TestDatabase): string {
  const { connection } = database;
  if (typeof connection === 'string' || runtimeRole === null) throw new Error('The server has only one role.');
  return toUrl({ ...database, connection: { ...connection, user: runtimeRole } });
}

async function openRig({ onTestFinished }: TestContext) {
  const rig = await openProcessRig();
  const databases: TestDatabase[] = [];
  onTestFinished(async () => {
    await rig.close();
    for (const database of databases) await database.drop();
  });
  return {
    ...rig,
    async emptyDatabase() {
      const database = await openDatabase('template0');
      databases.push(database);
      return database;
    },
    settings: (dataDir: string, url: string) => ({
      CHATFERRY_DATA_DIR: join(rig.folder, dataDir),
      CHATFERRY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      CHATFERRY_AUDIT_HEAD_EVERY_SECONDS: '1',
      DATABASE_URL: url,
    }),
  };
}

const verify = async (gateway: RunningGateway, query = '') =>
  (await gateway.call(`/api/v1/audit/verification${query}`)).body;

describe.skipIf(runtimeRole === null)('a gateway whose database role owns nothing', { timeout: 240_000 }, () => {
  it('does everything, and its audit log outlives a backup, a restore and the owner’s absence', async (context) => {
    const rig = await openRig(context);
    const [source, target] = [await rig.emptyDatabase(), await rig.emptyDatabase()];
    const from = rig.settings('old', runtimeUrl(source));
    const owned = { CHATFERRY_MIGRATION_DATABASE_URL: toUrl(source) };

    const early = await rig.startInVain(from);
    expect([early.exitCode, early.stderr]).toEqual([1, expect.stringMatching(/no tables yet.*npm run migrate/s)]);
    const migrated = await rig.run(['migrate'], { ...from, ...owned });
    expect([migrated.exitCode, migrated.stderr]).toEqual([0, '']);
    expect(migrated.stdout).toMatch(/Applied \d+ migration.*has the rights/);

    const old = await rig.start(from);
    const bot = await connectBot(rig, old);
    expect((await sendTo(old, bot, bot.newChat(), 'Hello')).status).toBe(201);
    const { head, entries, ...before } = await verify(old);
    expect(before).toMatchObject({ intact: true, protected_by: 'role-and-key' });
    expect(old.logged('audit.protected_by_key_only')).toBeNull();
    const file = join(rig.folder, 'friday.backup');
    expect((await rig.run(['backup', file], from)).exitCode).toBe(0);
    old.kill('SIGTERM');
    await old.ended;

    const into = rig.settings('new', runtimeUrl(target));
    const restored = await rig.run(['restore', file], { ...into, CHATFERRY_MIGRATION_DATABASE_URL: toUrl(target) });
    expect([restored.exitCode, restored.stderr]).toEqual([0, '']);
    // The migrations at the start give the rights as well.
    const next = await rig.start({ ...into, CHATFERRY_MIGRATION_DATABASE_URL: toUrl(target) });
    expect(await verify(next, `?head=${head}&entries=${entries}`)).toMatchObject({
      intact: true,
      known_head: { found: true, position: entries },
      protected_by: 'role-and-key',
    });
    const { data } = (await next.call('/api/v1/messages', { key: bot.key })).body;
    expect(data.map(({ state }: { state: string }) => state)).toContain('sent');
  });

  it('is told apart from one whose role owns the tables, which works too', async (context) => {
    const rig = await openRig(context);
    const gateway = await rig.start(rig.settings('data', toUrl(await rig.emptyDatabase())));
    expect(gateway.logged('audit.protected_by_key_only')).toMatchObject({
      level: 'warn',
      remedy: expect.stringContaining('docs/operations.md'),
    });
    expect(await verify(gateway)).toMatchObject({ intact: true, protected_by: 'key' });
  });
});

describe('a gateway with its own PostgreSQL', { timeout: 240_000 }, () => {
  it('uses a role there that owns nothing and can only add to the audit log', async (context) => {
    const rig = await openRig(context);
    const gateway = await rig.start({ CHATFERRY_DATA_DIR: join(rig.folder, 'own') });
    expect(await verify(gateway)).toMatchObject({ intact: true, protected_by: 'role-and-key' });
    expect(gateway.logged('audit.protected_by_key_only')).toBeNull();
  });
});

describe('a gateway whose database is behind a pooler in transaction mode', { timeout: 240_000 }, () => {
  it('does not start, migrates nothing, makes no empty backup, and says what to change', async (context) => {
    const rig = await openRig(context);
    const database = await rig.emptyDatabase();
    const pooler = await startPooler(database.connection, { mode: 'transaction', sessions: 2, order: 'last' });
    context.onTestFinished(() => pooler.close());
    const settings = rig.settings('data', pooler.url);
    for (const ended of [
      await rig.startInVain(settings),
      await rig.run(['migrate'], settings),
      await rig.run(['backup', join(rig.folder, 'empty.backup')], settings),
    ])
      expect([ended.exitCode, ended.stderr]).toEqual([1, expect.stringMatching(/pool_mode = session/)]);
    const { rows } = await database.pool.query(`select 1 from pg_tables where schemaname = 'public'`);
    expect(rows).toEqual([]);
  });
});
