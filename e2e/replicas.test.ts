import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '@chatferry/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type TestDatabase } from '../packages/gateway/src/testing/postgres.ts';
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
} from './gateway-process.ts';

/** Several gateways on one given PostgreSQL, each a process of its own. */
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
  // Empty: the first gateway makes the tables.
  database = await openDatabase('template0');
  launcher = createLauncher(folder);
});

afterEach(async () => {
  sandbox.faults.clear();
  await launcher.endAll();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> =>
  launcher.start({
    ...providersOf(sandbox),
    DATABASE_URL: databaseUrlOf(database),
    CHATFERRY_DATA_DIR: folder,
    CHATFERRY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...env,
  });

const readMessages = async (gateway: GatewayProcess, bot: ConnectedBot, query: string) =>
  (await gateway.call(`/api/v1/messages?${query}`, { key: bot.key })).body.data;

describe('two gateways on one database', () => {
  it('share the work: what either takes is sent once and shown once, in order', { timeout: 90_000 }, async () => {
    const [one, other] = await Promise.all([start(), start()]);
    const bots = [];
    for (let count = 0; count < 4; count += 1) {
      const bot = await connectBot(one, sandbox);
      bots.push({ bot, chatId: newChat(sandbox, bot) });
    }
    const texts = Array.from({ length: 6 }, (_, index) => `message ${index}`);
    for (const [index, text] of texts.entries()) {
      const through = index % 2 === 0 ? one : other;
      const answers = await Promise.all(bots.map(({ bot, chatId }) => sendTo(through, bot, chatId, text)));
      expect(answers.map(({ status }) => status)).toEqual(bots.map(() => 201));
    }
    for (const { bot, chatId } of bots) {
      expect(sandbox.telegram.sent({ chat_id: chatId }).map(({ text }) => text)).toEqual(texts);
      const shown = () => entriesIn(sandbox, bot).flatMap((text) => /message \d/.exec(text)?.[0] ?? []);
      await expect.poll(() => shown().length, { timeout: 20_000, interval: 100 }).toBeGreaterThanOrEqual(texts.length);
      expect(shown()).toEqual(texts);
    }
  });

  it('judge what one of them left on the wire, within 20 seconds of its death', { timeout: 120_000 }, async () => {
    const doomed = await start();
    const survivor = await start();
    const bot = await connectBot(survivor, sandbox);
    const chatId = newChat(sandbox, bot);
    sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: String(chatId),
      times: 1,
      effect: { kind: 'hang-after' },
    });
    const cutOff = sendTo(doomed, bot, chatId, 'On the wire').catch((cause: unknown) => cause);
    await expect.poll(() => sandbox.telegram.sent({ chat_id: chatId }).length, { timeout: 10_000 }).toBe(1);
    const [message] = await readMessages(survivor, bot, `chat_id=${chatId}&state=sending`);
    doomed.kill('SIGKILL');
    await doomed.ended;
    expect(await cutOff).toBeInstanceOf(Error);
    const state = async () =>
      (await survivor.call(`/api/v1/messages/${message.message_id}`, { key: bot.key })).body.state;
    await expect.poll(state, { timeout: 20_000, interval: 250 }).toBe('unknown');
    expect((await sendTo(survivor, bot, chatId, 'Afterwards')).status).toBe(201);
    expect(sandbox.telegram.sent({ chat_id: chatId }).map(({ text }) => text)).toEqual(['On the wire', 'Afterwards']);
  });
});

describe('CHATFERRY_ROLE', () => {
  it('parts the requests from the work', { timeout: 90_000 }, async () => {
    const serving = await start({ CHATFERRY_ROLE: 'serve' });
    const bot = await connectBot(serving, sandbox);
    const chatId = newChat(sandbox, bot);
    expect((await sendTo(serving, bot, chatId, 'Served')).status).toBe(201);
    const [message] = await readMessages(serving, bot, `chat_id=${chatId}&state=sent`);
    expect(message.mirror.state).toBe('pending');
    expect(entriesIn(sandbox, bot)).toEqual([]);

    const working = await start({ CHATFERRY_ROLE: 'work' });
    expect([working.url, working.logged('gateway.ready')]).toEqual(['', expect.objectContaining({ address: null })]);
    sandbox.telegram.text({ bot_id: bot.botId, chat_id: chatId }, { text: 'Thank you' });
    const shown = () => entriesIn(sandbox, bot).join('\n');
    await expect.poll(shown, { timeout: 20_000, interval: 100 }).toMatch(/Served.*Thank you|Thank you.*Served/s);
    const mirror = async () => (await readMessages(serving, bot, `chat_id=${chatId}&state=sent`))[0].mirror.state;
    await expect.poll(mirror, { timeout: 10_000 }).toBe('done');
    working.kill('SIGTERM');
    expect(await working.ended).toBe(0);
    expect((await serving.call('/readyz')).status).toBe(200);
  });
});
