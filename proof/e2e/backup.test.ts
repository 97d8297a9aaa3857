import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createSandbox } from '@chatferry/sandbox';
import { endServerIn } from '@chatferry/testkit/postgres/embedded-harness';
import { openDatabase } from '@chatferry/testkit/postgres/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildGateway,
  buildLimitMs,
  connectBot,
  createLauncher,
  databaseUrlOf,
  entriesIn,
  type GatewayProcess,
  type Launcher,
  newChat,
  providersOf,
  sendTo,
} from './gateway-process.ts';

const sandbox = createSandbox();
let folder: string;
let launcher: Launcher;
const oldData = () => join(folder, 'old');
const newData = () => join(folder, 'new');
const file = () => join(folder, 'friday.backup');
const env = (dataDir: string) => ({ ...providersOf(sandbox), CHATFERRY_DATA_DIR: dataDir });

beforeAll(async () => {
  await buildGateway();
  await sandbox.listen();
}, buildLimitMs);
afterAll(() => sandbox.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chatferry-e2e-'));
  chmodSync(folder, 0o755);
  launcher = createLauncher(folder);
});

afterEach(async () => {
  sandbox.faults.clear();
  await launcher.endAll();
  for (const dataDir of [oldData(), newData()]) await endServerIn(dataDir);
  rmSync(folder, { recursive: true, force: true });
});

/** A new data folder, with the master key of the old one. */
function bringMasterKey(): void {
  mkdirSync(newData(), { mode: 0o711 });
  copyFileSync(join(oldData(), 'master.key'), join(newData(), 'master.key'));
}

const all = async (gateway: GatewayProcess, path: string) => (await gateway.admin(path)).body.data;

describe('a backup of a gateway that runs, restored into a new data folder', { timeout: 240_000 }, () => {
  it('brings everything back, and sends nothing by itself', async () => {
    const old = await launcher.start(env(oldData()));
    const bot = await connectBot(old, sandbox);
    const [settled, onTheWire] = [newChat(sandbox, bot), newChat(sandbox, bot)];
    expect((await sendTo(old, bot, settled, 'Settled')).status).toBe(201);
    await expect.poll(() => entriesIn(sandbox, bot).join('\n'), { timeout: 20_000 }).toContain('Settled');
    // One job waits for the inbox, and one message for Telegram's answer, when the backup is made.
    sandbox.faults.inject({
      provider: 'intercom',
      operation: '*',
      times: 10_000,
      effect: { kind: 'answer-before', answer: { status: 503, body: {} } },
    });
    expect((await sendTo(old, bot, settled, 'Queued')).status).toBe(201);
    sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: String(onTheWire),
      times: 1,
      effect: { kind: 'hang-after' },
    });
    const cutOff = sendTo(old, bot, onTheWire, 'On the wire').catch((cause: unknown) => cause);
    await expect.poll(() => sandbox.telegram.sent({ chat_id: onTheWire }).length, { timeout: 10_000 }).toBe(1);

    const backup = await launcher.run(['backup', file()], env(oldData()));
    expect([backup.exitCode, backup.stderr]).toEqual([0, '']);
    expect(backup.stdout).toMatch(/Backed up \d+ rows.*master key.*master\.key/s);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const text = gunzipSync(readFileSync(file())).toString();
    expect(text).not.toContain(bot.key);
    const again = await launcher.run(['backup', file()], env(oldData()));
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('never overwrites a file')]);

    // After the backup the old gateway goes on for a while: the queued copy reaches the inbox.
    sandbox.faults.clear();
    await expect.poll(() => entriesIn(sandbox, bot).join('\n'), { timeout: 60_000 }).toContain('Queued');
    old.kill('SIGKILL');
    await old.ended;
    await cutOff;
    const entries = entriesIn(sandbox, bot);
    const sent = sandbox.telegram.sent({}).length;

    const keyless = await launcher.run(['restore', file()], env(newData()));
    expect([keyless.exitCode, keyless.stderr]).toEqual([
      1,
      expect.stringMatching(/sealed with the master key .*there is none here.*master\.key/s),
    ]);
    bringMasterKey();
    const restored = await launcher.run(['restore', file()], env(newData()));
    expect([restored.exitCode, restored.stderr]).toEqual([0, '']);
    expect(restored.stdout).toMatch(/1 messages that had no final state at that time are unknown/);
    expect(restored.stdout).toMatch(/[1-9]\d* jobs that were queued at that time are dead letters/);

    const next = await launcher.start(env(newData()));
    const messages = async (chatId: number) =>
      (await next.call(`/api/v1/messages?chat_id=${chatId}`, { key: bot.key })).body.data;
    expect((await messages(onTheWire)).at(0)).toMatchObject({ state: 'unknown', attempts: [{ outcome: 'uncertain' }] });
    expect((await messages(settled)).map(({ state }: { state: string }) => state)).toEqual(
      expect.arrayContaining(['sent', 'received']),
    );
    const letters = await all(next, '/api/v1/dead-letters');
    expect(letters.map(({ kind, cause }: { kind: string; cause: string }) => [kind, cause])).toContainEqual([
      'mirror',
      expect.stringContaining('restored from a backup'),
    ]);
    const answer = await sendTo(next, bot, settled, 'Afterwards');
    expect(answer.status).toBe(201);
    // Ids that were given away after the backup are not given away again.
    expect(answer.body.message_id).toBeGreaterThan(1_000_000);
    await expect.poll(() => entriesIn(sandbox, bot).join('\n'), { timeout: 20_000 }).toContain('Afterwards');
    expect(entriesIn(sandbox, bot)).toHaveLength(entries.length + 1);
    expect(sandbox.telegram.sent({})).toHaveLength(sent + 1);

    const twice = await launcher.run(['restore', file()], env(newData()));
    expect([twice.exitCode, twice.stderr]).toEqual([1, expect.stringMatching(/runs on .*Name a new data folder/)]);
  });
});

describe('a restore into a given PostgreSQL', { timeout: 240_000 }, () => {
  const keyed = { CHATFERRY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };

  it('is refused, with what to do, where the file is damaged or the database is not empty; and done where it is', async () => {
    const [source, target] = [await openDatabase('template0'), await openDatabase('template0')];
    try {
      const from = { ...env(oldData()), ...keyed, DATABASE_URL: databaseUrlOf(source) };
      const into = { ...env(newData()), ...keyed, DATABASE_URL: databaseUrlOf(target) };
      const old = await launcher.start(from);
      const bot = await connectBot(old, sandbox);
      const chatId = newChat(sandbox, bot);
      expect((await sendTo(old, bot, chatId, 'Line one\nline two \u2028 “quoted”')).status).toBe(201);
      expect((await launcher.run(['backup', file()], from)).exitCode).toBe(0);

      const bytes = readFileSync(file());
      const text = gunzipSync(bytes).toString();
      const broken = {
        'cut.backup': bytes.subarray(0, bytes.length - 20),
        'changed.backup': gzipSync(text.replace('Line one', 'Line 0ne')),
        'short.backup': gzipSync(text.slice(0, text.lastIndexOf('["end"'))),
        'other.backup': gzipSync('{"hello":"world"}\n'),
      };
      for (const [name, content] of Object.entries(broken)) {
        writeFileSync(join(folder, name), content);
        const refused = await launcher.run(['restore', join(folder, name)], into);
        expect([name, refused.exitCode, refused.stderr]).toEqual([
          name,
          1,
          expect.stringMatching(/is damaged: .*Nothing was restored|is not a backup/),
        ]);
      }
      expect((await target.pool.query(`select 1 from pg_tables where schemaname = 'public'`)).rowCount).toBe(0);
      const elsewhere = { ...into, CHATFERRY_MASTER_KEY: Buffer.alloc(32, 8).toString('base64') };
      expect((await launcher.run(['restore', file()], elsewhere)).stderr).toContain('sealed with the master key');

      expect((await launcher.run(['restore', file()], into)).exitCode).toBe(0);
      const rows = async (pool: typeof source.pool) =>
        (
          await pool.query(
            `select to_jsonb(m) - 'updated_at' - 'mirror' - 'mirror_detail' - 'inbox_conversation_id' - 'inbox_entry_id' as row from messages m where direction = 'outbound' order by id`,
          )
        ).rows;
      expect(await rows(target.pool)).toEqual(await rows(source.pool));
      const again = await launcher.run(['restore', file()], into);
      expect([again.exitCode, again.stderr]).toEqual([
        1,
        expect.stringMatching(/not empty.*create a database and set DATABASE_URL/s),
      ]);
      const next = await launcher.start(into);
      expect(
        (await next.call(`/api/v1/messages?chat_id=${chatId}`, { key: bot.key })).body.data.length,
      ).toBeGreaterThan(0);
    } finally {
      await launcher.endAll();
      await source.drop();
      await target.drop();
    }
  });
});
