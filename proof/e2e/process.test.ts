import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '@chatferry/sandbox';
import { endServerIn } from '@chatferry/testkit/postgres/embedded-harness';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildGateway,
  buildLimitMs,
  connectBot,
  createLauncher,
  entriesIn,
  isAlive,
  type Launcher,
  newChat,
  providersOf,
  sendTo,
} from './gateway-process.ts';

const sandbox = createSandbox();
let folder: string;
let launcher: Launcher;
const dataDir = () => join(folder, 'data');
const environment = () => ({ ...providersOf(sandbox), CHATFERRY_DATA_DIR: dataDir() });

beforeAll(async () => {
  await buildGateway();
  await sandbox.listen();
}, buildLimitMs);
afterAll(() => sandbox.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chatferry-e2e-'));
  // As root PostgreSQL runs as another user, who must get through.
  chmodSync(folder, 0o755);
  launcher = createLauncher(folder);
});

afterEach(async () => {
  sandbox.faults.clear();
  await launcher.endAll();
  await endServerIn(dataDir());
  rmSync(folder, { recursive: true, force: true });
});

const hangOnce = (chatId: number) =>
  sandbox.faults.inject({
    provider: 'telegram',
    operation: 'sendMessage',
    subject: String(chatId),
    times: 1,
    effect: { kind: 'hang-after' },
  });

describe('a start', () => {
  it('reports a bad environment whole, with what to do, and touches nothing', async () => {
    const { exitCode, stderr } = await launcher.startInVain({
      ...environment(),
      CHATFERRY_PORT: 'eighty',
      CHATFERRY_ROLE: 'boss',
      CHATFERRY_PUBLC_URL: 'https://chat.example.com',
      CHATFERRY_ADMIN_TOKEN: 'too short',
      NODE_DEBUG: 'http',
    });
    expect(exitCode).toBe(1);
    const reported = [
      /CHATFERRY_PORT: “eighty” must be a whole number/,
      /CHATFERRY_ROLE: “boss” must be one of all, serve, work/,
      /CHATFERRY_PUBLC_URL is not a setting/,
      /CHATFERRY_ADMIN_TOKEN: The value given does not fit/,
      /NODE_DEBUG: “http” would print .* bot tokens/,
    ];
    for (const problem of reported) expect(stderr).toMatch(problem);
    expect(stderr).not.toContain('too short');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder that another gateway holds, and leaves that one alone', { timeout: 60_000 }, async () => {
    const first = await launcher.start(environment());
    const { exitCode, stderr } = await launcher.startInVain(environment());
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`process id ${first.pid}`)]);
    expect((await first.call('/readyz')).status).toBe(200);
  });
});

describe('a gateway that is killed while a send is on the wire', () => {
  it('judges the send at its next start, never repeats it, and works off its backlog', {
    timeout: 90_000,
  }, async () => {
    const first = await launcher.start(environment());
    const bot = await connectBot(first, sandbox);
    const chatId = newChat(sandbox, bot);
    // Its copy for the inbox is in hand when the gateway dies.
    sandbox.faults.inject({ provider: 'intercom', operation: '*', times: 10_000, effect: { kind: 'hang-before' } });
    expect((await sendTo(first, bot, chatId, 'Accepted')).status).toBe(201);
    hangOnce(chatId);
    const cutOff = sendTo(first, bot, chatId, 'On the wire').catch((cause: unknown) => cause);
    const received = () => sandbox.telegram.sent({ chat_id: chatId }).map(({ text }) => text);
    await expect.poll(received, { timeout: 10_000 }).toEqual(['Accepted', 'On the wire']);
    first.kill('SIGKILL');
    await first.ended;
    expect(await cutOff).toBeInstanceOf(Error);
    const { postgresPid } = first;
    expect(postgresPid !== null && isAlive(postgresPid)).toBe(true);
    sandbox.telegram.text({ bot_id: bot.botId, chat_id: chatId }, { text: 'Are you there?' });
    sandbox.faults.clear();

    const second = await launcher.start(environment());
    expect(second.logged('postgres.ready')).toMatchObject({ pid: postgresPid, adopted: true });
    const { body } = await second.call(`/api/v1/messages?chat_id=${chatId}`, { key: bot.key });
    const outbound = body.data.filter(({ direction }: { direction: string }) => direction === 'outbound');
    expect(outbound).toMatchObject([
      { state: 'unknown', failure: { code: 154 }, attempts: [{ number: 1, outcome: 'uncertain' }] },
      { state: 'sent' },
    ]);
    expect((await sendTo(second, bot, chatId, 'Afterwards')).status).toBe(201);
    expect(received()).toEqual(['Accepted', 'On the wire', 'Afterwards']);
    const shown = () => entriesIn(sandbox, bot).join('\n');
    for (const text of ['Accepted', 'Afterwards', 'Are you there?']) {
      await expect.poll(shown, { timeout: 30_000, interval: 100 }).toContain(text);
    }
    expect(received()).toHaveLength(3);
  });
});

describe('SIGTERM', () => {
  it('during the start ends what was started', { timeout: 60_000 }, async () => {
    const { exitCode, postgresPid } = await launcher.startInVain(environment(), {
      on: 'postgres.ready',
      signal: 'SIGTERM',
    });
    expect(exitCode).toBe(0);
    expect(postgresPid !== null && isAlive(postgresPid)).toBe(false);
  });

  it('lets the send on the wire be answered, then ends everything with exit code 0', { timeout: 60_000 }, async () => {
    const gateway = await launcher.start(environment());
    const bot = await connectBot(gateway, sandbox);
    const chatId = newChat(sandbox, bot);
    sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: String(chatId),
      times: 1,
      effect: { kind: 'delay-after', delayMs: 1_500 },
    });
    const answer = sendTo(gateway, bot, chatId, 'On the wire');
    await expect.poll(() => sandbox.telegram.sent({ chat_id: chatId }).length, { timeout: 10_000 }).toBe(1);
    gateway.kill('SIGTERM');
    expect((await answer).status).toBe(201);
    expect(await gateway.ended).toBe(0);
    expect(gateway.postgresPid !== null && isAlive(gateway.postgresPid)).toBe(false);
    await expect(gateway.call('/healthz')).rejects.toThrow();

    const next = await launcher.start(environment());
    expect(next.logged('postgres.ready')).toMatchObject({ adopted: false });
    const { body } = await next.call(`/api/v1/messages?chat_id=${chatId}&state=sent`, { key: bot.key });
    expect(body.data).toHaveLength(1);
  });
});
