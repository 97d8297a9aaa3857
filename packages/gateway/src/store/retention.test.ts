import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { describe, expect, it } from 'vitest';
import { applyRetention, ensurePartitions } from './retention.ts';

const { pool } = await freshDatabase();

const countPartitions = async (): Promise<number> =>
  (await pool.query<{ count: number }>('select count(*)::int as count from pg_inherits')).rows[0]?.count ?? 0;
const all = (run: () => Promise<void>) => Promise.all(Array.from({ length: 8 }, run));

describe('partitions', () => {
  it('are created and dropped by several processes at the same moment', async () => {
    const before = await countPartitions();
    await all(() => applyRetention(pool, { messagesDays: -30, updatesDays: -30, contactsDays: 400 }));
    const bare = await countPartitions();
    await all(() => ensurePartitions(pool));
    const made = await countPartitions();
    expect(made - bare).toBeGreaterThan(20);
    expect(made).toBeGreaterThanOrEqual(before);
    await all(() => applyRetention(pool, { messagesDays: -30, updatesDays: -30, contactsDays: 400 }));
    expect(await countPartitions()).toBe(bare);
  });

  it('are created while another session reads and writes the tables, and dropped in the next round', async () => {
    await ensurePartitions(pool);
    const made = await countPartitions();
    await applyRetention(pool, { messagesDays: -30, updatesDays: -30, contactsDays: 400 });
    const bare = await countPartitions();
    const backup = await pool.connect();
    await backup.query('begin; lock table messages, attempts, updates in access share mode');
    await backup.query('lock table messages, attempts, updates in row exclusive mode');
    await ensurePartitions(pool);
    expect(await countPartitions()).toBe(made);
    await applyRetention(pool, { messagesDays: -30, updatesDays: -30, contactsDays: 400 });
    expect(await countPartitions()).toBe(made);
    await backup.query('commit');
    backup.release();
    await applyRetention(pool, { messagesDays: -30, updatesDays: -30, contactsDays: 400 });
    expect(await countPartitions()).toBe(bare);
  });

  it('cause an error if they cannot be created, and are created by the next call', async () => {
    await applyRetention(pool, { messagesDays: -30, updatesDays: -30, contactsDays: 400 });
    const other = await pool.connect();
    await other.query('begin; lock table updates in access exclusive mode');
    await expect(ensurePartitions(pool)).rejects.toThrow(/updates_\d{8}, updates_\d{8} could not be made yet/);
    await other.query('commit');
    other.release();
    await ensurePartitions(pool);
  });
});
