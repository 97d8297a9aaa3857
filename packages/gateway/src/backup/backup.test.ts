import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { freshDatabase, openDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createVault } from '../secrets/sealed.ts';
import { readEvents, settleEventEra } from '../store/events.ts';
import { ensurePartitions } from '../store/retention.ts';
import { checkBackup, restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const { pool } = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'chatferry-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a backup has each row on one line, even with line breaks in a value, and restores it exactly', async () => {
  const value = 'one\ntwo\r\nthree\u2028four\u2029five\u0085six\\u2028"';
  const plan = `{\n  "value": ${JSON.stringify(value)}\n}`;
  const insert = `insert into reply_plans (workspace_id, entry_id, plan) values ('ws_1', $1, $2)`;
  await pool.query(insert, [value, plan]);
  const file = join(folder, 'friday.backup');
  const { rows } = await writeBackup(pool, file, 0);
  const text = gunzipSync(readFileSync(file)).toString();
  // Whichever of these characters a reader treats as a line end, each line is complete JSON. The header is not a row.
  const lines = text.split(/[\n\r\u2028\u2029]/).filter((line) => line !== '');
  const objects = lines.map((line) => JSON.parse(line)).filter((value) => !Array.isArray(value));
  expect(objects).toHaveLength(rows + 1);

  const database = await openDatabase();
  try {
    const header = await checkBackup(file, []);
    await database.pool.query('truncate installation, changes');
    await restoreBackup(database.pool, file, { header, log: silentLog });
    const restored = await database.pool.query('select entry_id, plan from reply_plans');
    expect(restored.rows).toEqual([{ entry_id: value, plan: { value } }]);
  } finally {
    await database.drop();
  }
});

it('a restored database has the sealed keys of the old one: API keys stay valid, and the audit log stays verified', async () => {
  const vault = createVault({ primary: { id: 'now', key: randomBytes(32) }, others: [] });
  const [pepper, auditKey] = [vault.seal('pepper', 'a'), vault.seal('key', 'b')];
  await pool.query('update installation set key_pepper = $1, audit_key = $2', [pepper, auditKey]);
  const file = join(folder, 'keys.backup');
  await writeBackup(pool, file, 0);
  await expect(checkBackup(file, ['another'])).rejects.toThrow('sealed with the master key now');

  const database = await openDatabase();
  try {
    const header = await checkBackup(file, ['now']);
    await restoreBackup(database.pool, file, { header, log: silentLog });
    const { rows } = await database.pool.query('select key_pepper, audit_key from installation');
    expect(rows).toEqual([{ key_pepper: pepper, audit_key: auditKey }]);
    // The restored day partitions are guarded like new ones.
    const { rows: bare } = await database.pool.query(
      `select c.relname from pg_class c where c.relispartition and c.relkind = 'r' and not c.relforcerowsecurity`,
    );
    expect(bare).toEqual([]);
  } finally {
    await database.drop();
  }
});

it('a restored event log is the old one, and continues after everything that readers may know of it', async () => {
  await ensurePartitions(pool);
  const insert = `insert into messages (workspace_id, channel_id, chat_id, direction, origin, state, content)
    values ('wsp_1', 'chn_1', 7, 'outbound', 'api', 'sending', '{}')`;
  await pool.query(insert);
  const file = join(folder, 'events.backup');
  await writeBackup(pool, file, 0);
  await pool.query(insert);
  const all = { after: null, scope: { workspaceIds: null, channelIds: null }, types: null, limit: 100 };
  // Readers wait for the transactions of other databases of the server too.
  const readBoth = () => readEvents(pool, all);
  await vi.waitUntil(async () => (await readBoth()).length === 2, { timeout: 15_000 });
  const [first, lost] = await readBoth();

  const database = await openDatabase();
  try {
    const header = await checkBackup(file, ['now']);
    await restoreBackup(database.pool, file, { header, log: silentLog });
    await settleEventEra(database.pool);
    const read = async (after: string | null) =>
      (await readEvents(database.pool, { ...all, after })).map(({ id, type }) => [id, type]);
    await vi.waitUntil(async () => (await read(null)).length === 2, { timeout: 15_000 });
    const restored = await read(null);
    expect(restored).toEqual([
      [first?.id, 'message.accepted'],
      [expect.any(String), 'message.unknown'],
    ]);
    // A reader of the old database that saw the event after the backup misses nothing of the new one.
    expect(await read(lost?.id ?? null)).toEqual(restored.slice(1));
  } finally {
    await database.drop();
  }
});

describe('the file of a backup', () => {
  it('is a new one for its owner only, whatever others put beside it before', async () => {
    const file = join(folder, 'saturday.backup');
    const foreign = [`${file}.partial`, join(folder, 'of-another')];
    for (const path of foreign) {
      writeFileSync(path, 'of another');
      chmodSync(path, 0o666);
    }
    await writeBackup(pool, file, 0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const path of foreign) expect(readFileSync(path, 'utf8')).toBe('of another');
    expect(new Set(foreign.map((path) => statSync(path).ino)).has(statSync(file).ino)).toBe(false);
  });

  it('is not written through a link, and nothing is left of the attempt', async () => {
    const file = join(folder, 'sunday.backup');
    symlinkSync(join(folder, 'nowhere'), `${file}.partial`);
    writeFileSync(file, 'an earlier backup');
    const before = readdirSync(folder);
    await expect(writeBackup(pool, file, 0)).rejects.toThrow('already exists');
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(file, 'utf8')).toBe('an earlier backup');
  });
});
