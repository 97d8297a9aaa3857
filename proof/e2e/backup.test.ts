import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { checkBackup } from '@chatferry/gateway/internal/backup/restore-backup';
import { openDatabase } from '@chatferry/testkit/postgres/postgres';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectBot, disturbIntercom, disturbSend, sendTo } from './process-bot.ts';
import { openProcessRig, type ProcessRig } from './process-rig.ts';
import { toUrl } from './replica-rig.ts';

let rig: ProcessRig;
const dataDir = (name: 'old' | 'new') => join(rig.folder, name);
const backupFile = () => join(rig.folder, 'friday.backup');

beforeAll(buildPrograms, buildLimitMs);
beforeEach(async () => {
  rig = await openProcessRig();
  return () => rig.close();
});

/** A new data folder that has the master key of the old one. */
function copyMasterKey(): void {
  mkdirSync(dataDir('new'), { mode: 0o711 });
  copyFileSync(join(dataDir('old'), 'master.key'), join(dataDir('new'), 'master.key'));
}

describe('a backup of a running gateway, restored into a new data folder', { timeout: 240_000 }, () => {
  it('brings everything back and sends nothing by itself', async () => {
    const from = { CHATFERRY_DATA_DIR: dataDir('old') };
    const into = { CHATFERRY_DATA_DIR: dataDir('new') };
    const old = await rig.start(from);
    const bot = await connectBot(rig, old);
    const [settled, pending] = [bot.newChat(), bot.newChat()];
    const entries = () => bot.entries().join('\n');
    expect((await sendTo(old, bot, settled, 'Settled')).status).toBe(201);
    await expect.poll(entries, { timeout: 30_000 }).toContain('Settled');
    // When the backup is made, one job waits for the inbox, and one message for Telegram's answer.
    disturbIntercom(rig.sandbox, { kind: 'answer-before', answer: { status: 503, body: {} } });
    expect((await sendTo(old, bot, settled, 'Queued')).status).toBe(201);
    disturbSend(rig.sandbox, pending, { kind: 'hang-after' });
    const cutOff = sendTo(old, bot, pending, 'Unanswered').catch((cause: unknown) => cause);
    await expect.poll(() => bot.textsIn(pending).length).toBe(1);

    const backup = await rig.run(['backup', backupFile()], from);
    expect([backup.exitCode, backup.stderr]).toEqual([0, '']);
    expect(backup.stdout).toMatch(/Backed up \d+ rows.*master key.*master\.key/s);
    expect(statSync(backupFile()).mode & 0o777).toBe(0o600);
    expect(gunzipSync(readFileSync(backupFile())).toString()).not.toContain(bot.key);
    const again = await rig.run(['backup', backupFile()], from);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('never overwrites a file')]);

    // After the backup the old gateway continues: the queued entry reaches the inbox.
    rig.sandbox.faults.clear();
    await expect.poll(entries, { timeout: 60_000 }).toContain('Queued');
    old.kill('SIGKILL');
    await old.ended;
    await cutOff;
    const entriesBefore = bot.entries().length;
    const sentBefore = rig.sandbox.telegram.sent({}).length;

    const keyless = await rig.run(['restore', backupFile()], into);
    expect([keyless.exitCode, keyless.stderr]).toEqual([
      1,
      expect.stringMatching(/sealed with the master key .*there is none here.*master\.key/s),
    ]);
    copyMasterKey();
    const restored = await rig.run(['restore', backupFile()], into);
    expect([restored.exitCode, restored.stderr]).toEqual([0, '']);
    expect(restored.stdout).toMatch(/1 messages that had no final state at that time are unknown/);
    expect(restored.stdout).toMatch(/[1-9]\d* jobs that were queued at that time are dead letters/);

    const next = await rig.start(into);
    expect(await bot.listMessages(next, pending)).toMatchObject([
      { state: 'unknown', attempts: [{ outcome: 'uncertain' }] },
    ]);
    const { data } = (await next.call(`/api/v1/messages?chat_id=${settled.chat_id}`, { key: bot.key })).body;
    expect(data.map(({ state }: { state: string }) => state)).toEqual(expect.arrayContaining(['sent', 'received']));
    const { data: letters } = (await next.admin('/api/v1/dead-letters')).body;
    expect(letters.map(({ kind, cause }: { kind: string; cause: string }) => [kind, cause])).toContainEqual([
      'mirror',
      expect.stringContaining('restored from a backup'),
    ]);
    const answer = await sendTo(next, bot, settled, 'Afterwards');
    expect(answer.status).toBe(201);
    // Ids that were given away after the backup are not given away again.
    expect(answer.body.message_id).toBeGreaterThan(1_000_000);
    await expect.poll(entries, { timeout: 30_000 }).toContain('Afterwards');
    expect(bot.entries()).toHaveLength(entriesBefore + 1);
    expect(rig.sandbox.telegram.sent({})).toHaveLength(sentBefore + 1);

    const twice = await rig.run(['restore', backupFile()], into);
    expect([twice.exitCode, twice.stderr]).toEqual([1, expect.stringMatching(/runs on .*Name a new data folder/)]);
  });
});

describe('a restore into a given PostgreSQL', { timeout: 240_000 }, () => {
  const masterKey = (byte: number) => ({ CHATFERRY_MASTER_KEY: Buffer.alloc(32, byte).toString('base64') });

  it('is refused for a damaged file, a wrong key and a database with rows, and brings every row back', async ({
    onTestFinished,
  }) => {
    const [source, target] = [await openDatabase('template0'), await openDatabase('template0')];
    // The hooks after each test have closed the gateways before.
    onTestFinished(async () => {
      await Promise.all([source.drop(), target.drop()]);
    });
    const from = { CHATFERRY_DATA_DIR: dataDir('old'), ...masterKey(7), DATABASE_URL: toUrl(source) };
    const into = { CHATFERRY_DATA_DIR: dataDir('new'), ...masterKey(7), DATABASE_URL: toUrl(target) };
    const old = await rig.start(from);
    const bot = await connectBot(rig, old);
    const chat = bot.newChat();
    expect((await sendTo(old, bot, chat, 'Line one\nline two \u2028 “quoted”')).status).toBe(201);
    expect((await rig.run(['backup', backupFile()], from)).exitCode).toBe(0);

    await expectDamageFound(rig.folder, readFileSync(backupFile()));
    const damaged = await rig.run(['restore', join(rig.folder, 'cut.backup')], into);
    expect([damaged.exitCode, damaged.stderr]).toEqual([
      1,
      expect.stringMatching(/is damaged: .*Nothing was restored/),
    ]);
    expect((await target.pool.query(`select 1 from pg_tables where schemaname = 'public'`)).rowCount).toBe(0);
    const wrongKey = await rig.run(['restore', backupFile()], { ...into, ...masterKey(8) });
    expect(wrongKey.stderr).toContain('sealed with the master key');

    expect((await rig.run(['restore', backupFile()], into)).exitCode).toBe(0);
    const readRows = async (pool: typeof source.pool) =>
      (
        await pool.query(
          `select to_jsonb(m) - 'updated_at' - 'mirror' - 'mirror_detail' - 'inbox_conversation_id' - 'inbox_entry_id' as row from messages m where direction = 'outbound' order by id`,
        )
      ).rows;
    expect(await readRows(target.pool)).toEqual(await readRows(source.pool));
    const again = await rig.run(['restore', backupFile()], into);
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      expect.stringMatching(/not empty.*create a database and set DATABASE_URL/s),
    ]);
    const next = await rig.start(into);
    expect(await bot.listMessages(next, chat)).toHaveLength(1);
  });
});

/** Writes the backup in damaged forms; each must be refused before anything is touched. */
async function expectDamageFound(folder: string, bytes: Buffer): Promise<void> {
  const text = gunzipSync(bytes).toString();
  const damaged = {
    'cut.backup': bytes.subarray(0, bytes.length - 20),
    'changed.backup': gzipSync(text.replace('Line one', 'Line 0ne')),
    'short.backup': gzipSync(text.slice(0, text.lastIndexOf('["end"'))),
    'other.backup': gzipSync('{"hello":"world"}\n'),
  };
  for (const [name, content] of Object.entries(damaged)) {
    writeFileSync(join(folder, name), content);
    await expect(checkBackup(join(folder, name), []), name).rejects.toThrow(
      /is damaged: .*Nothing was restored|is not a backup/,
    );
  }
}
