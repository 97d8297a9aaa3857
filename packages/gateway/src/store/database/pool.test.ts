import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { describe, expect, it } from 'vitest';
import { checkServer, createPool, type ServerFacts, serverProblems } from './pool.ts';

const { pool, connection } = await freshDatabase();

describe('a pool', () => {
  it('reads 64-bit integers as numbers if that is exact, and dates as text', async () => {
    const { rows } = await pool.query(
      `select 9007199254740991::bigint as safe, 9007199254740993::bigint as unsafe, '{1,null,-2}'::bigint[] as list,
              '2026-03-01'::date as day, null::bigint as none`,
    );
    expect(rows).toEqual([
      { safe: 9007199254740991, unsafe: '9007199254740993', list: [1, null, -2], day: '2026-03-01', none: null },
    ]);
  });

  it('makes generic plans, and never uses JIT compilation', async () => {
    const { rows } = await pool.query(
      `select current_setting('jit') as jit, current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans`,
    );
    expect(rows).toEqual([{ jit: 'off', plans: 'force_generic_plan', scans: 'off' }]);
  });

  it('survives connections that the server closes', async () => {
    const cut = createPool({ connection, log: silentLog, applicationName: 'to be cut' });
    await cut.query('select 1');
    await pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be cut'");
    const { rows } = await cut.query('select 1 as one').catch(() => cut.query('select 1 as one'));
    expect(rows).toEqual([{ one: 1 }]);
    await cut.end();
  });
});

describe('the check of the database server', () => {
  const good: ServerFacts = {
    versionNumber: 150_001,
    fsync: 'on',
    synchronousCommit: 'on',
    encoding: 'UTF8',
    standby: false,
  };

  it('accepts a durable server, including one that is only compatible with PostgreSQL', async () => {
    const durable = createPool({ connection, log: silentLog });
    await checkServer(durable);
    await durable.end();
    expect(serverProblems(good)).toEqual([]);
    expect(serverProblems({ ...good, fsync: null, synchronousCommit: null })).toEqual([]);
    expect(serverProblems({ ...good, synchronousCommit: 'remote_apply' })).toEqual([]);
  });

  it.each([
    [{ versionNumber: 140_009 }, 'PostgreSQL 14; version 15 or later'],
    [{ fsync: 'off' }, 'Set "fsync = on"'],
    [{ synchronousCommit: 'off' }, 'Set "synchronous_commit = on"'],
    [{ encoding: 'SQL_ASCII' }, "encoding 'UTF8'"],
    [{ standby: true }, 'Point DATABASE_URL to the primary'],
  ] as const)('refuses %o and says what to do', (change, remedy) => {
    expect(serverProblems({ ...good, ...change })).toEqual([expect.stringContaining(remedy)]);
  });

  it('lists every problem at once', () => {
    expect(serverProblems({ ...good, versionNumber: 90_600, fsync: 'off' })).toHaveLength(2);
  });

  it('refuses a session without synchronous commit on a real server', async () => {
    const { rows } = await pool.query('select current_database() as name');
    await pool.query(`alter database ${rows[0]?.name} set synchronous_commit = off`);
    const lax = createPool({ connection, log: silentLog });
    await expect(checkServer(lax)).rejects.toThrow('synchronous_commit = off');
    await lax.end();
  });

  it('says what to check if the server does not answer', async () => {
    const nowhere = createPool({ connection: 'postgres://localhost:1/none', log: silentLog });
    await expect(checkServer(nowhere)).rejects.toThrow(/does not answer: .*Check DATABASE_URL/);
    await nowhere.end();
  });
});
