import { type PoolerOptions, startPooler } from '@chatferry/testkit/postgres/pooler';
import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPool } from './pool.ts';
import { refuseTransactionPooler } from './refuse-transaction-pooler.ts';

const database = await freshDatabase();

async function poolThrough(options: PoolerOptions, connectionsMax = 8) {
  const pooler = await startPooler(database.relaxedConnection, options);
  const pool = createPool({ connection: pooler.url, log: silentLog, connectionsMax });
  onTestFinished(async () => {
    await pool.end();
    await pooler.close();
  });
  return pool;
}

describe('a pooler that gives each transaction another session', () => {
  it.each([
    { sessions: 1, order: 'last' },
    { sessions: 2, order: 'last' },
    { sessions: 8, order: 'last' },
    { sessions: 1, order: 'turn' },
    { sessions: 2, order: 'turn' },
    { sessions: 3, order: 'turn' },
    { sessions: 4, order: 'turn' },
    { sessions: 7, order: 'turn' },
    { sessions: 8, order: 'turn' },
    { sessions: 9, order: 'turn' },
    { sessions: 16, order: 'turn' },
  ] as const)('is refused with what to do: %o', async (options) => {
    const pool = await poolThrough({ mode: 'transaction', ...options });
    await expect(refuseTransactionPooler(pool)).rejects.toThrow(/Let DATABASE_URL lead to the server itself.*session/);
  });

  it('is refused with only two connections, and while others use it', async () => {
    const pool = await poolThrough({ mode: 'transaction', sessions: 4, order: 'last' }, 4);
    const others = await poolThrough({ mode: 'transaction', sessions: 4, order: 'turn' }, 2);
    const noise = Promise.all(Array.from({ length: 50 }, () => others.query('select 1')));
    await expect(refuseTransactionPooler(others)).rejects.toThrow('session');
    await expect(refuseTransactionPooler(pool)).rejects.toThrow('session');
    await noise;
  });

  it('lets row-level security show nothing, and never another tenant’s rows', async () => {
    const pool = await poolThrough({ mode: 'transaction', sessions: 3, order: 'turn' }, 2);
    await database.pool.query(`insert into fences (owner_id, external_id, workspace_id) values ('a', '1', 'wsp_a')`);
    const counts = new Set<number>();
    for (let round = 0; round < 6; round += 1) {
      const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from fences');
      counts.add(rows[0]?.count ?? -1);
    }
    // A session that did not say for whom it works sees no row.
    expect(counts).toContain(0);
  });
});

describe('a server that keeps sessions', () => {
  it('is accepted, directly and through a pooler in session mode', async () => {
    await refuseTransactionPooler(database.pool);
    for (const order of ['last', 'turn'] as const)
      await refuseTransactionPooler(await poolThrough({ mode: 'session', sessions: 8, order }));
  });
});
