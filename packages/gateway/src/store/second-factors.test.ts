import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { describe, expect, it } from 'vitest';
import { secondFactors } from './second-factors.ts';

const { pool } = await freshDatabase();
const store = secondFactors(pool);
const guess = { bucket: 'per_ada|strangers', personId: 'per_ada', network: '203.0.113.7' };

describe('the failures of a second factor', () => {
  it('still count after a confirmation that came too late, and end with one that counts', async () => {
    await pool.query(`insert into people (id, email, name, role) values ('per_ada', 'ada@acme.test', 'Ada', 'member')`);
    for (let failures = 0; failures < 5; failures += 1) expect(await store.takeTry(guess)).toBe(true);
    await store.storePending('per_ada', Buffer.from('newer'));
    const confirmed = { sealed: Buffer.from('sealed'), step: 1 };
    expect(await store.confirm('per_ada', { ...confirmed, pending: Buffer.from('older') })).toBe(false);
    expect(await store.takeTry(guess)).toBe(false);
    expect(await store.confirm('per_ada', { ...confirmed, pending: Buffer.from('newer') })).toBe(true);
    expect(await store.takeTry(guess)).toBe(true);
  });
});
