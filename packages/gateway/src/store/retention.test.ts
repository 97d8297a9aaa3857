import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../testing/postgres.ts';
import { applyRetention, ensurePartitions } from './retention.ts';

const { pool } = await freshDatabase();

const countPartitions = async (): Promise<number> =>
  (await pool.query<{ count: number }>('select count(*)::int as count from pg_inherits')).rows[0]?.count ?? 0;
const all = (run: () => Promise<void>) => Promise.all(Array.from({ length: 8 }, run));

describe('partitions', () => {
  it('are made and dropped by several processes at the same moment', async () => {
    const before = await countPartitions();
    await all(() => applyRetention(pool, { messagesDays: -30, updatesDays: -30 }));
    const bare = await countPartitions();
    await all(() => ensurePartitions(pool));
    const made = await countPartitions();
    expect(made - bare).toBeGreaterThan(20);
    expect(made).toBeGreaterThanOrEqual(before);
    await all(() => applyRetention(pool, { messagesDays: -30, updatesDays: -30 }));
    expect(await countPartitions()).toBe(bare);
  });

  it('are left to the next round while somebody reads the table for long, so that no send waits behind them', async () => {
    await ensurePartitions(pool);
    const made = await countPartitions();
    await applyRetention(pool, { messagesDays: -30, updatesDays: -30 });
    const bare = await countPartitions();
    const backup = await pool.connect();
    await backup.query('begin; lock table messages, attempts, updates in access share mode');
    await ensurePartitions(pool);
    await backup.query('commit');
    backup.release();
    expect(await countPartitions()).toBe(bare);
    await ensurePartitions(pool);
    expect(await countPartitions()).toBe(made);
  });
});
