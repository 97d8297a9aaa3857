import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { expect, it } from 'vitest';
import { createPool } from './database/pool.ts';
import { eraseCustomer, exportCustomer } from './erasures.ts';

const database = await freshDatabase();

it('export and erasure of a customer may take longer than every other statement', async () => {
  const hasty = createPool({ connection: database.relaxedConnection, log: silentLog, statementLimitMs: 2_000 });
  const holder = await database.pool.connect();
  try {
    await holder.query('begin; lock table messages in access exclusive mode');
    const exported = exportCustomer(hasty, 'wsp_none', '5000000001');
    const erased = eraseCustomer(hasty, 'wsp_none', '5000000001', Buffer.alloc(0));
    await expect(hasty.query('select 1 from messages limit 1')).rejects.toThrow('Query read timeout');
    await holder.query('commit');
    expect(await erased).toMatchObject({ messages: 0, updates: 0 });
    expect(await exported).toMatchObject({ messages: [] });
  } finally {
    holder.release();
    await hasty.end();
  }
});
