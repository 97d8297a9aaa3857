import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { isProcessAlive } from '@chatferry/testkit/processes/node-process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBot, disturbIntercom, disturbSend, sendTo } from './process-bot.ts';
import { openProcessRig, type ProcessRig } from './process-rig.ts';

/** All tests start their gateways on one data folder, one after the other, as its owner does. */
let rig: ProcessRig;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  await buildPrograms();
  rig = await openProcessRig();
  settings = { CHATFERRY_DATA_DIR: join(rig.folder, 'data') };
}, buildLimitMs);
afterAll(() => rig.close());

const isAlive = (pid: number | null): boolean => pid !== null && isProcessAlive(pid);

describe('a gateway with a bad environment', () => {
  it('reports every problem with what to do, and creates nothing', async () => {
    const { exitCode, stderr } = await rig.startInVain({
      ...settings,
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
      /CHATFERRY_ADMIN_TOKEN: The value given is not valid/,
      /NODE_DEBUG: “http” would print .* bot tokens/,
    ];
    for (const problem of reported) expect(stderr).toMatch(problem);
    expect(stderr).not.toContain('too short');
    expect(readdirSync(rig.folder)).toEqual([]);
  });
});

describe('SIGTERM', { timeout: 90_000 }, () => {
  it('during the start stops the gateway and its PostgreSQL with exit code 0', async () => {
    const ending = { on: 'postgres.ready', signal: 'SIGTERM' } as const;
    const { exitCode, postgresPid } = await rig.startInVain(settings, ending);
    expect(exitCode).toBe(0);
    expect([postgresPid, isAlive(postgresPid)]).toEqual([expect.any(Number), false]);
  });

  it('waits for the answer to a message that was sent, then stops everything with exit code 0', async () => {
    const gateway = await rig.start(settings);
    const bot = await connectBot(rig, gateway);
    const chat = bot.newChat();
    disturbSend(rig.sandbox, chat, { kind: 'delay-after', delayMs: 1_500 });
    const answer = sendTo(gateway, bot, chat, 'Sent before SIGTERM');
    await expect.poll(() => bot.textsIn(chat).length).toBe(1);
    gateway.kill('SIGTERM');
    expect((await answer).status).toBe(201);
    expect(await gateway.ended).toMatchObject({ exitCode: 0 });
    expect([gateway.postgresPid, isAlive(gateway.postgresPid)]).toEqual([expect.any(Number), false]);
    await expect(gateway.call('/healthz')).rejects.toThrow();

    const next = await rig.start(settings);
    expect(next.logged('postgres.ready')).toMatchObject({ adopted: false });
    expect(await bot.listMessages(next, chat)).toMatchObject([{ state: 'sent' }]);
    await next.stop();
  });
});

describe('a gateway', { timeout: 90_000 }, () => {
  it('refuses a data folder that another gateway uses, and is replaced after kill -9 without a second send', async () => {
    const first = await rig.start(settings);
    // Only a gateway of root says that it should not be one.
    const warned = process.getuid?.() === 0 ? expect.objectContaining({ level: 'warn' }) : null;
    expect(first.logged('process.runs_as_root')).toEqual(warned);
    const refused = await rig.startInVain(settings);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining(`process id ${first.pid}`)]);
    expect((await first.call('/readyz')).status).toBe(200);

    const bot = await connectBot(rig, first);
    const chat = bot.newChat();
    // Its entry in the inbox is not written when the gateway dies.
    disturbIntercom(rig.sandbox, { kind: 'hang-before' });
    expect((await sendTo(first, bot, chat, 'Accepted')).status).toBe(201);
    disturbSend(rig.sandbox, chat, { kind: 'hang-after' });
    const cutOff = sendTo(first, bot, chat, 'Unanswered').catch((cause: unknown) => cause);
    await expect.poll(() => bot.textsIn(chat)).toEqual(['Accepted', 'Unanswered']);
    first.kill('SIGKILL');
    await first.ended;
    expect(await cutOff).toBeInstanceOf(Error);
    const { postgresPid } = first;
    expect(isAlive(postgresPid)).toBe(true);
    rig.sandbox.telegram.text(chat, { text: 'Are you there?' });
    rig.sandbox.faults.clear();

    const second = await rig.start(settings);
    expect(second.logged('postgres.ready')).toMatchObject({ pid: postgresPid, adopted: true });
    expect(await bot.listMessages(second, chat)).toMatchObject([
      { state: 'unknown', failure: { code: 154 }, attempts: [{ number: 1, outcome: 'uncertain' }] },
      { state: 'sent' },
    ]);
    expect((await sendTo(second, bot, chat, 'Afterwards')).status).toBe(201);
    const entries = () => bot.entries().join('\n');
    for (const text of ['Accepted', 'Afterwards', 'Are you there?'])
      await expect.poll(entries, { timeout: 30_000 }).toContain(text);
    expect(bot.textsIn(chat)).toEqual(['Accepted', 'Unanswered', 'Afterwards']);
  });
});
