import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../process/system-clock.ts';
import { loadAuditChain } from '../secrets/audit-key.ts';
import { createVault } from '../secrets/sealed.ts';
import type { AuditRow } from './append-audit.ts';
import { audit } from './audit.ts';
import type { AuditChain } from './audit-chain.ts';
import { installation } from './installation.ts';

const { pool } = await freshDatabase();
const vault = createVault({ primary: { id: 'test', key: randomBytes(32) }, others: [] });
const load = () => loadAuditChain(installation(pool), vault, async () => false);
const processOf = (chain: AuditChain) => audit(pool, { chain, clock: systemClock, schedule: setImmediate });

const entry = (change: Partial<AuditRow> = {}): AuditRow => ({
  requestId: randomUUID(),
  phase: 'ended',
  actorKind: 'operator',
  actorId: 'operator',
  address: '127.0.0.1',
  action: 'updateKey',
  object: null,
  workspaceId: null,
  fields: ['name', 'networks'],
  status: 200,
  ...change,
});

async function asOwner(...statements: readonly string[]): Promise<void> {
  await pool.query('alter table audit disable trigger all; alter table installation disable trigger all');
  await pool.query('grant update, delete on audit to current_user');
  for (const statement of statements) await pool.query(statement);
  await pool.query('alter table audit enable trigger all; alter table installation enable trigger all');
}

/** Adds entries as the version without a key did it: plain digests, and numbers with gaps. */
async function addUnkeyed(count: number): Promise<void> {
  let before: Buffer = Buffer.alloc(0);
  for (let id = 1; id <= count * 3; id += 3) {
    const at = '2026-01-01T00:00:00.123456Z';
    const requestId = randomUUID();
    const values = [id, at, requestId, 'ended', 'operator', 'operator', '::1', 'createKey', null, null, 'a,b', 201];
    const text = values.map((value) => (value === null ? '-' : `${String(value).length}:${value}`)).join(' ');
    before = createHash('sha256').update(before).update(text).digest();
    await pool.query(
      `insert into audit (id, at, request_id, phase, actor_kind, actor_id, address, action, fields, status, hash)
       values ($1, $2, $3, 'ended', 'operator', 'operator', '::1', 'createKey', '{a,b}', 201, $4)`,
      [id, at, requestId, before],
    );
  }
}

beforeEach(() => asOwner('delete from audit', 'update installation set audit_key = null'));

describe('entries from before there was a key', () => {
  it('stay verified, together with those that were added with the key', async () => {
    await addUnkeyed(3);
    const { chain, created } = await load();
    expect([created, (await load()).created]).toEqual([true, false]);
    const { append, verify, readEnd } = processOf(chain);
    await append(entry());
    const verdict = await verify();
    expect(verdict).toMatchObject({ rows: 4, brokenAt: null });
    expect(await readEnd()).toEqual({ id: 8, entries: 4, head: verdict.head });
  });

  it.each([
    ['changed', `update audit set actor_id = 'other' where id = 4`],
    ['cut off at the end', 'delete from audit where id = 7'],
    ['all deleted', 'delete from audit where id < 8'],
  ])('are protected by the key too: %s', async (_name, statement) => {
    await addUnkeyed(3);
    const { append, verify } = processOf((await load()).chain);
    await asOwner(statement);
    expect((await verify()).brokenAt).not.toBeNull();
    await append(entry());
    expect((await verify()).brokenAt).not.toBeNull();
  });

  it('cannot take the place of entries with a key', async () => {
    const { append, verify } = processOf((await load()).chain);
    await append(entry());
    await asOwner('delete from audit');
    await addUnkeyed(2);
    expect(await verify()).toMatchObject({ rows: 0, brokenAt: '1' });
  });
});

describe('the chain of the audit log', () => {
  it('stays whole while several processes add to it at the same moment', async () => {
    const { chain } = await load();
    const processes = [processOf(chain), processOf(chain), processOf(chain)];
    await Promise.all(Array.from({ length: 20 }, () => processes.map(({ append }) => append(entry()))).flat());
    expect(await processOf(chain).verify()).toMatchObject({ rows: 60, brokenAt: null });
  });

  it('is made by one key, even if several processes start at the same moment', async () => {
    const loaded = await Promise.all([load(), load(), load()]);
    expect(new Set(loaded.map(({ chain }) => chain.key.toString('hex'))).size).toBe(1);
  });

  it('distinguishes fields that have the same text together, and stores any text that a caller sends', async () => {
    const { append, verify } = processOf((await load()).chain);
    await append(entry({ fields: ['a,b', 'c"'], object: 'zero \0 and half \ud800', address: '“::1”' }));
    expect(await verify()).toMatchObject({ rows: 1, brokenAt: null });
    await asOwner(`update audit set fields = array['a', 'b', 'c"']`);
    expect(await verify()).toMatchObject({ rows: 0, brokenAt: '1' });
  });

  it('has no key in the database that opens without the master key', async () => {
    const { chain } = await load();
    const { rows } = await pool.query<{ audit_key: Buffer }>('select audit_key from installation');
    const stored = rows[0]?.audit_key.toString('latin1') ?? '';
    for (const form of ['latin1', 'base64', 'hex'] as const) expect(stored).not.toContain(chain.key.toString(form));
    const other = createVault({ primary: { id: 'test', key: randomBytes(32) }, others: [] });
    await expect(loadAuditChain(installation(pool), other, async () => false)).rejects.toThrow('cannot be opened');
  });
});
