import { mkdtempSync, rmSync } from 'node:fs';
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
  await setAway(database, false);
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

const delayOnce = (chatId: number, delayMs: number) =>
  sandbox.faults.inject({
    provider: 'telegram',
    operation: 'sendMessage',
    subject: String(chatId),
    times: 1,
    effect: { kind: 'delay-after', delayMs },
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

describe('a replica that is paused', () => {
  it('loses its lanes, its polls and its flights to the other, and changes nothing when it goes on', {
    timeout: 120_000,
  }, async () => {
    const paused = await start();
    const bot = await connectBot(paused, sandbox);
    const chatId = newChat(sandbox, bot);
    expect((await sendTo(paused, bot, chatId, 'Before')).status).toBe(201);
    const shown = () => entriesIn(sandbox, bot).join('\n');
    await expect.poll(shown, { timeout: 20_000 }).toContain('Before');
    // It stops with a send on the wire, and a lane and a poll in its hands.
    sandbox.faults.inject({
      provider: 'intercom',
      operation: '*',
      times: 10_000,
      effect: { kind: 'hang-before' },
    });
    expect((await sendTo(paused, bot, chatId, 'In its lane')).status).toBe(201);
    const held = async () => (await database.pool.query('select 1 from lanes where lease is not null')).rowCount;
    await expect.poll(held, { timeout: 10_000 }).toBe(1);
    const onTheWire = newChat(sandbox, bot);
    delayOnce(onTheWire, 1_000);
    const answering = sendTo(paused, bot, onTheWire, 'On the wire');
    await expect.poll(() => sandbox.telegram.sent({ chat_id: onTheWire }).length, { timeout: 10_000 }).toBe(1);
    paused.kill('SIGSTOP');
    sandbox.faults.clear();
    const survivor = await start();
    sandbox.telegram.text({ bot_id: bot.botId, chat_id: chatId }, { text: 'Anybody there?' });
    const flight = async () => (await readMessages(survivor, bot, `chat_id=${onTheWire}`)).at(-1);
    await expect.poll(async () => (await flight()).state, { timeout: 30_000, interval: 250 }).toBe('unknown');
    await expect.poll(shown, { timeout: 30_000, interval: 250 }).toMatch(/In its lane.*Anybody there/s);
    expect((await sendTo(survivor, bot, onTheWire, 'Meanwhile')).status).toBe(201);

    paused.kill('SIGCONT');
    // Telegram had answered while it was paused: that counts.
    expect((await answering).status).toBe(201);
    expect((await readMessages(survivor, bot, `chat_id=${onTheWire}&state=unknown`)).length).toBe(0);
    expect((await sendTo(paused, bot, chatId, 'Afterwards')).status).toBe(201);
    await expect.poll(shown, { timeout: 30_000, interval: 250 }).toContain('Afterwards');
    for (const text of ['In its lane', 'Anybody there?', 'Afterwards']) expect(shown().split(text)).toHaveLength(2);
    expect(sandbox.telegram.sent({ chat_id: onTheWire }).map(({ text }) => text)).toEqual(['On the wire', 'Meanwhile']);
  });
});

describe('a database that was away for long', () => {
  it('does not make the first replica that is back judge the others', { timeout: 120_000 }, async () => {
    const replicas = [await start(), await start()];
    const bot = await connectBot(replicas[0] as GatewayProcess, sandbox);
    const chats = replicas.map(() => newChat(sandbox, bot));
    // Longer than the outage, and than anybody alive is silent after it.
    for (const chatId of chats) delayOnce(chatId, 12_000);
    const answering = replicas.map((gateway, index) => sendTo(gateway, bot, chats[index] ?? 0, 'On the wire'));
    for (const chatId of chats)
      await expect.poll(() => sandbox.telegram.sent({ chat_id: chatId }).length, { timeout: 10_000 }).toBe(1);
    await setAway(database, true);
    await setAway(database, false);
    // As if the outage had lasted an hour: no sign of life is younger.
    await database.pool.query(`update processes set alive_until = alive_until - interval '1 hour'`);
    expect((await Promise.all(answering)).map(({ status }) => status)).toEqual([201, 201]);
    for (const gateway of replicas) expect(gateway.logged('flights.recovered')).toBeNull();
    for (const gateway of replicas) expect(gateway.logged('processes.buried')).toBeNull();
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
