import { join } from 'node:path';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectBot } from './process-bot.ts';
import { openProcessRig, type ProcessRig, type RunningGateway } from './process-rig.ts';

let rig: ProcessRig;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  await buildPrograms();
  rig = await openProcessRig();
  settings = { CHATFERRY_DATA_DIR: join(rig.folder, 'data') };
}, buildLimitMs);
afterAll(() => rig.close());

const path = '/api/v1/messages';
const callsOf = (method: string) => rig.sandbox.telegram.calls({}).filter((call) => call.method === method);

describe('kill -9', { timeout: 120_000 }, () => {
  it('during an edit, a deletion and a scheduled send: repetitions complete the first two, and the third is sent once', async () => {
    const first = await rig.start(settings);
    const bot = await connectBot(rig, first);
    const [chat, later] = [bot.newChat(), bot.newChat()];
    const { key } = bot;
    const ask = (gateway: RunningGateway, method: string, url: string, body?: unknown) =>
      gateway.call(url, { method, key, ...(body === undefined ? {} : { body }) });
    const { body: sent } = await ask(first, 'POST', path, { to: String(chat.chat_id), text: 'Shipped' });
    const sendAt = new Date(Date.now() + 4_000).toISOString();
    const scheduled = await ask(first, 'POST', path, { to: String(later.chat_id), text: 'Later', send_at: sendAt });
    expect(scheduled.body).toMatchObject({ state: 'scheduled' });
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'editMessageText',
      times: 1,
      effect: { kind: 'hang-after' },
    });
    const cutOff = ask(first, 'PATCH', `${path}/${sent.id}`, { text: 'Sent' }).catch((cause: unknown) => cause);
    await expect.poll(() => callsOf('editMessageText').length).toBe(1);
    first.kill('SIGKILL');
    await first.ended;
    expect(await cutOff).toBeInstanceOf(Error);
    rig.sandbox.faults.clear();

    const second = await rig.start(settings);
    const again = await ask(second, 'PATCH', `${path}/${sent.id}`, { text: 'Sent' });
    expect([again.status, again.body.text, again.body.edits.length]).toEqual([200, 'Sent', 1]);
    const state = async () => (await ask(second, 'GET', `${path}/${scheduled.body.id}`)).body.state;
    await expect.poll(state, { timeout: 30_000 }).toBe('sent');
    expect(bot.textsIn(later)).toEqual(['Later']);
    await second.stop();
  });

  it('while a scheduled message is sent: it is not sent again, and one that was cancelled is never sent', async () => {
    const first = await rig.start(settings);
    const bot = await connectBot(rig, first);
    const [due, cancelled] = [bot.newChat(), bot.newChat()];
    const call = (gateway: RunningGateway, method: string, url: string, body?: unknown) =>
      gateway.call(url, { method, key: bot.key, ...(body === undefined ? {} : { body }) });
    const schedule = async ({ chat_id }: typeof due) => {
      const sendAt = new Date(Date.now() + 3_000).toISOString();
      return (await call(first, 'POST', path, { to: String(chat_id), text: 'Later', send_at: sendAt })).body;
    };
    const dropped = await schedule(cancelled);
    await call(first, 'DELETE', `${path}/${dropped.id}`);
    const { id } = await schedule(due);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      times: 1,
      effect: { kind: 'hang-after' },
    });
    await expect.poll(() => bot.textsIn(due), { timeout: 30_000 }).toEqual(['Later']);
    first.kill('SIGKILL');
    await first.ended;
    rig.sandbox.faults.clear();

    const second = await rig.start(settings);
    const stateOf = async (one: number) => (await call(second, 'GET', `${path}/${one}`)).body.state;
    await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe('unknown');
    expect([bot.textsIn(due), bot.textsIn(cancelled), await stateOf(dropped.id)]).toEqual([['Later'], [], 'cancelled']);
    await second.stop();
  });
});
