import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { describe, expect, it } from 'vitest';
import { applyRetention, ensurePartitions } from './retention.ts';

const { pool } = await freshDatabase();

const countPartitions = async (): Promise<number> =>
  (await pool.query<{ count: number }>('select count(*)::int as count from pg_inherits')).rows[0]?.count ?? 0;
/** Days whose retention has ended. */
const oldDays = [10, 11, 12, 13, 14, 15, 16, 17];
const tables = ['messages', 'attempts', 'updates', 'events'];
const makeOldPartitions = async (): Promise<void> => {
  for (const table of tables)
    for (const days of oldDays)
      await pool.query(`select create_partition($1, (now() at time zone 'utc')::date - $2::int)`, [table, days]);
};
const dropNewPartitions = async (): Promise<void> => {
  const { rows } = await pool.query<{ name: string }>(
    'select inhrelid::regclass::text as name from pg_inherits i join pg_class p on p.oid = i.inhparent where p.relkind = $1',
    ['p'],
  );
  for (const { name } of rows) await pool.query(`drop table ${name}`);
};
const kept = { messagesDays: 5, updatesDays: 5, eventsDays: 5, contactsDays: 400 };
const all = (run: () => Promise<void>) => Promise.all(Array.from({ length: 8 }, run));

describe('partitions', () => {
  it('are created and dropped by several processes at the same moment', async () => {
    const bare = await countPartitions();
    await all(() => ensurePartitions(pool));
    const made = await countPartitions();
    expect(made - bare).toBeGreaterThan(20);
    await makeOldPartitions();
    expect(await countPartitions()).toBeGreaterThan(made + 20);
    await all(() => applyRetention(pool, kept));
    expect(await countPartitions()).toBe(made);
  });

  it('are created while another session reads and writes the tables, and dropped in the next round', async () => {
    await ensurePartitions(pool);
    const made = await countPartitions();
    await dropNewPartitions();
    await makeOldPartitions();
    const old = await countPartitions();
    const backup = await pool.connect();
    await backup.query('begin; lock table messages, attempts, updates, events in access share mode');
    await backup.query('lock table messages, attempts, updates, events in row exclusive mode');
    await ensurePartitions(pool);
    expect(await countPartitions()).toBe(made + old);
    await applyRetention(pool, kept);
    expect(await countPartitions()).toBe(made + old);
    await backup.query('commit');
    backup.release();
    await applyRetention(pool, kept);
    expect(await countPartitions()).toBe(made);
  });

  it('cause an error if they cannot be created, and are created by the next call', async () => {
    await dropNewPartitions();
    const other = await pool.connect();
    await other.query('begin; lock table updates in access exclusive mode');
    await expect(ensurePartitions(pool)).rejects.toThrow(/updates_\d{8}, updates_\d{8} could not be made yet/);
    await other.query('commit');
    other.release();
    await ensurePartitions(pool);
  });

  it('of a day that has not ended, or of another table, are neither dropped nor made', async () => {
    await ensurePartitions(pool);
    const made = await countPartitions();
    for (const statement of [
      `select drop_partitions('messages', (now() at time zone 'utc')::date + 1)`,
      `select drop_partitions('audit', '2026-01-01')`,
      `select ensure_partitions('messages', 1000)`,
      `select ensure_partitions('people', 1)`,
    ])
      await expect(pool.query(statement), statement).rejects.toThrow(/day partitions of/);
    expect(await countPartitions()).toBe(made);
  });

  it('show a session only the rows of its workspaces, even if it names them itself', async () => {
    await ensurePartitions(pool);
    await pool.query(`insert into updates (workspace_id, source, external_id, body)
      values ('wsp_a', 'telegram', '1', 'x'), ('wsp_b', 'telegram', '2', 'x')`);
    const day = `updates_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    const read = async (workspaces: string) => {
      const client = await pool.connect();
      await client.query(`select set_config('chatferry.workspaces', $1, false)`, [workspaces]);
      const { rows } = await client.query<{ workspace_id: string }>(`select workspace_id from ${day}`);
      client.release(true);
      return rows.map((row) => row.workspace_id).sort();
    };
    expect([await read('wsp_a'), await read('wsp_a,wsp_b'), await read('')]).toEqual([
      ['wsp_a'],
      ['wsp_a', 'wsp_b'],
      [],
    ]);
  });
});
