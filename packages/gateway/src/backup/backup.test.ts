import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { freshDatabase, openDatabase } from '@chatferry/testkit/postgres/postgres';
import { silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import { afterAll, expect, it } from 'vitest';
import { checkBackup, restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const { pool } = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), 'chatferry-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a backup has a row on one line, whatever is said in it, and brings it back to the letter', async () => {
  const said = 'one\ntwo\r\nthree\u2028four\u2029five\u0085six\\u2028"';
  const plan = `{\n  "said": ${JSON.stringify(said)}\n}`;
  const kept = `insert into reply_plans (workspace_id, entry_id, plan) values ('ws_1', $1, $2)`;
  await pool.query(kept, [said, plan]);
  const file = join(folder, 'friday.backup');
  const { rows } = await writeBackup(pool, file, 0);
  const text = gunzipSync(readFileSync(file)).toString();
  // As every version of Node, and everybody else, may end lines: each is whole JSON. The header is no row.
  const lines = text.split(/[\n\r\u2028\u2029]/).filter((line) => line !== '');
  const objects = lines.map((line) => JSON.parse(line)).filter((value) => !Array.isArray(value));
  expect(objects).toHaveLength(rows + 1);

  const database = await openDatabase();
  try {
    const header = await checkBackup(file, []);
    await database.pool.query('truncate installation, changes');
    await restoreBackup(database.pool, file, { header, log: silentLog });
    const restored = await database.pool.query('select entry_id, plan from reply_plans');
    expect(restored.rows).toEqual([{ entry_id: said, plan: { said } }]);
  } finally {
    await database.drop();
  }
});
