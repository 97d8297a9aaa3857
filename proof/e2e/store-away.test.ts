import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '@chatferry/sandbox';
import { openDatabase, type TestDatabase } from '@chatferry/testkit/postgres/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildGateway,
  buildLimitMs,
  type ConnectedBot,
  connectBot,
  createLauncher,
  databaseUrlOf,
  entriesIn,
  type GatewayProcess,
  type Launcher,
  newChat,
  providersOf,
  sendTo,
  setAway,
} from './gateway-process.ts';

/** A gateway on a given PostgreSQL that goes away and comes back. */
const sandbox = createSandbox();
let folder: string;
let database: TestDatabase;
let launcher: Launcher;

beforeAll(async () => {
  await buildGateway();
  await sandbox.listen();
}, buildLimitMs);
afterAll(() => sandbox.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chatferry-e2e-'));
  database = await openDatabase('template0');
  launcher = createLauncher(folder);
});

afterEach(async () => {
  sandbox.faults.clear();
  await launcher.endAll();
  await setAway(database, false);
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> =>
  launcher.start({
    ...providersOf(sandbox),
    DATABASE_URL: databaseUrlOf(database),
    CHATFERRY_DATA_DIR: join(folder, 'data'),
    CHATFERRY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...env,
  });

const journal = () => join(folder, 'data', 'journal');
const journaled = () => readdirSync(journal()).filter((file) => file.startsWith('results-'));
const messageOf = async (gateway: GatewayProcess, bot: ConnectedBot, chatId: number) =>
  (await gateway.call(`/api/v1/messages?chat_id=${chatId}`, { key: bot.key })).body.data.findLast(
    ({ direction }: { direction: string }) => direction === 'outbound',
  );

/** Sends, and takes the database away between Telegram's taking the message and its answer. */
async function sendWhileItGoes(gateway: GatewayProcess, bot: ConnectedBot, chatId: number) {
  sandbox.faults.inject({
    provider: 'telegram',
    operation: 'sendMessage',
    subject: String(chatId),
    times: 1,
    effect: { kind: 'delay-after', delayMs: 3_000 },
  });
  const answering = sendTo(gateway, bot, chatId, 'On the wire');
  await expect.poll(() => sandbox.telegram.sent({ chat_id: chatId }).length, { timeout: 10_000 }).toBe(1);
  await setAway(database, true);
  return answering;
}

describe('a result that the database cannot take', () => {
  it('is a 201 from the flushed journal, and known after kill -9 and a restart', { timeout: 90_000 }, async () => {
    const first = await start();
    const bot = await connectBot(first, sandbox);
    const chatId = newChat(sandbox, bot);
    const { status, body } = await sendWhileItGoes(first, bot, chatId);
    expect([status, journaled().length]).toEqual([201, 1]);
    // The next one finds no database before it is sent.
    expect((await sendTo(first, bot, chatId, 'Not now')).status).toBe(503);
    first.kill('SIGKILL');
    await first.ended;
    await setAway(database, false);

    const second = await start();
    expect(second.logged('results.replayed')).toMatchObject({ count: 1 });
    expect(await messageOf(second, bot, chatId)).toMatchObject({
      message_id: body.message_id,
      state: 'sent',
      channel_message_id: body.channel_message_id,
    });
    expect(journaled()).toEqual([]);
    // What the killed process had in hand is taken over once it has been silent for long enough.
    await expect.poll(() => entriesIn(sandbox, bot).join('\n'), { timeout: 40_000 }).toContain('On the wire');
    expect((await sendTo(second, bot, chatId, 'Afterwards')).status).toBe(201);
    expect(sandbox.telegram.sent({ chat_id: chatId }).map(({ text }) => text)).toEqual(['On the wire', 'Afterwards']);
  });

  it('is stored by the same process when the database is back, and the chat goes on', { timeout: 90_000 }, async () => {
    const gateway = await start();
    const bot = await connectBot(gateway, sandbox);
    const chatId = newChat(sandbox, bot);
    expect((await sendWhileItGoes(gateway, bot, chatId)).status).toBe(201);
    await setAway(database, false);
    const answers = async () => (await sendTo(gateway, bot, chatId, 'Afterwards')).status;
    await expect.poll(answers, { timeout: 30_000, interval: 250 }).toBe(201);
    expect(await messageOf(gateway, bot, chatId)).toMatchObject({ state: 'sent' });
    await expect.poll(journaled, { timeout: 20_000 }).toEqual([]);
    expect(sandbox.telegram.sent({ chat_id: chatId }).map(({ text }) => text)).toEqual(['On the wire', 'Afterwards']);
  });

  it('is a 504 where the disk takes it neither, and unknown after kill -9', { timeout: 90_000 }, async () => {
    const first = await start();
    const bot = await connectBot(first, sandbox);
    const chatId = newChat(sandbox, bot);
    rmSync(journal(), { recursive: true });
    writeFileSync(journal(), 'in the way');
    const { status, body } = await sendWhileItGoes(first, bot, chatId);
    expect([status, body.error_code]).toEqual([504, 154]);
    first.kill('SIGKILL');
    await first.ended;
    await setAway(database, false);
    rmSync(journal());
    mkdirSync(journal());
    const second = await start();
    const state = async () => (await messageOf(second, bot, chatId)).state;
    await expect.poll(state, { timeout: 20_000 }).toBe('unknown');
    expect(sandbox.telegram.sent({ chat_id: chatId })).toHaveLength(1);
  });
});

describe('a data folder that cannot take a journal', () => {
  it('stops the start, with what to do', { timeout: 60_000 }, async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(journal(), 'in the way');
    const { exitCode, stderr } = await launcher.startInVain({
      DATABASE_URL: databaseUrlOf(database),
      CHATFERRY_DATA_DIR: join(folder, 'data'),
      CHATFERRY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/data folder .*journal\) cannot be used: .*Move that file away/),
    ]);
  });
});
