import { randomUUID } from 'node:crypto';
import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { expect, it } from 'vitest';
import { claimKey } from './idempotency.ts';
import { registerProcess } from './processes.ts';

const { pool } = await freshDatabase();

it('a key that another request claims at the same moment belongs to that request', async () => {
  const epoch = await registerProcess(pool, false);
  const claim = (requestId: string) => ({
    name: { scope: 'admin', route: 'POST /api/v1/keys', key: 'k' },
    workspaceId: null,
    fingerprint: Buffer.from('f'),
    requestId,
    epoch,
    warnings: [],
  });
  const [first, second] = [randomUUID(), randomUUID()];
  const client = await pool.connect();
  await client.query('begin');
  await client.query(
    `insert into idempotency_keys (scope, route, key, fingerprint, request_id, epoch, warnings)
     values ('admin', 'POST /api/v1/keys', 'k', 'f', $1, $2, '[]')`,
    [first, epoch],
  );
  // It waits until the other transaction ends.
  const held = claimKey(pool, claim(second));
  await expect
    .poll(async () => (await pool.query(`select 1 from pg_stat_activity where wait_event_type = 'Lock'`)).rowCount)
    .toBeGreaterThan(0);
  await client.query('commit');
  client.release();
  expect(await held).toMatchObject({ requestId: first });
});
