import type { ServerResponse } from 'node:http';
import { type BackendCall, startWebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { buildLimitMs, buildPrograms } from '@chatferry/testkit/processes/gateway-process';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { eventually } from './eventually.ts';
import { connectBot, type ProcessBot, sendTo } from './process-bot.ts';
import type { RunningGateway } from './process-rig.ts';
import { openReplicaRig } from './replica-rig.ts';

const backend = await startWebhookBackend();
beforeAll(buildPrograms, buildLimitMs);
afterAll(() => backend.close());

/** For what takes milliseconds on an idle machine. */
const limitMs = 60_000;

let runs = 0;

/** Two gateway processes on one database, a bot with some chats, and an endpoint for all of its events. */
async function startReplicas(context: TestContext) {
  const rig = await openReplicaRig(context);
  const settings = { CHATFERRY_ALLOWED_PRIVATE_ORIGINS: backend.url };
  // One after the other, so that the first one has the lower epoch.
  const one = await rig.start(settings);
  const replicas = [one, await rig.start(settings)] as const;
  const bot = await connectBot(rig, one);
  runs += 1;
  const path = `/replicas/${runs}`;
  const made = await one.admin('/api/v1/webhook-endpoints', { url: backend.url + path });
  expect(made.status).toBe(201);
  const chats = Array.from({ length: 4 }, () => bot.newChat());
  /** Sends to every chat through one of the replicas. */
  const sendThrough = async (gateway: RunningGateway, text: string) => {
    const answers = await Promise.all(chats.map((chat) => sendTo(gateway, bot, chat, text)));
    expect(answers.map(({ status }) => status)).toEqual(chats.map(() => 201));
  };
  const calls = () => backend.calls.filter((call) => call.path === path);
  return { rig, replicas, bot, chats, sendThrough, calls, endpoint: `/api/v1/webhook-endpoints/${made.body.id}` };
}

/** The ids of the whole log, in its order, once every message of a chat is in the inbox. */
async function readLog(gateway: RunningGateway, { key }: ProcessBot, recorded: number): Promise<readonly string[]> {
  return eventually(async () => {
    const { body } = await gateway.call('/api/v1/events?limit=200', { key });
    const types = body.data.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => type === 'message.recorded').length).toBe(recorded);
    return body.data.map(({ id }: { id: string }) => id);
  }, limitMs);
}

const idsOf = (calls: readonly BackendCall[]): readonly string[] => calls.map(({ event }) => event.id);

/** The events of one chat in the order in which they arrived for the first time. */
const firstOf = (calls: readonly BackendCall[], chatId: number): readonly string[] => [
  ...new Set(idsOf(calls.filter(({ event }) => event.chat_id === String(chatId)))),
];

describe('webhooks of two replicas on one database', { timeout: 120_000 }, () => {
  it('each arrive once when nothing fails, in the order of the log within a chat', async (context) => {
    const { replicas, bot, chats, sendThrough, calls, endpoint } = await startReplicas(context);
    for (let round = 0; round < 6; round += 1) {
      await sendThrough(replicas[round % 2] ?? replicas[0], `message ${round}`);
    }
    // The 24 messages, and the start of each chat.
    const log = await readLog(replicas[1], bot, 28);
    await eventually(() => expect(new Set(idsOf(calls())).size).toBe(log.length), limitMs);
    await eventually(async () => expect((await replicas[0].admin(endpoint)).body.waiting).toBe(0), limitMs);
    expect(idsOf(calls()).toSorted()).toEqual(log);
    for (const { chat_id } of chats) expect(firstOf(calls(), chat_id)).toEqual(firstOf(calls(), chat_id).toSorted());
  });

  it('stay complete and in order within a chat when the replica that queues them is killed', async (context) => {
    const { rig, replicas, bot, chats, sendThrough, calls } = await startReplicas(context);
    const [one, other] = replicas;
    const { rows } = await rig.database.pool.query<{ isOfFirst: boolean }>(
      `select epoch = (select min(epoch) from processes) as "isOfFirst" from leases where name = 'webhook-fan-out'`,
    );
    const [doomed, survivor] = rows[0]?.isOfFirst === true ? [one, other] : [other, one];
    // Each chat has an event that arrived and is not answered when the replica dies.
    const held: { readonly id: string; readonly response: ServerResponse }[] = [];
    backend.answer(({ event }, response) => void held.push({ id: event.id, response }));
    for (let round = 0; round < 3; round += 1) await sendThrough(replicas[round % 2] ?? one, `before ${round}`);
    await backend.until(() => new Set(calls().map(({ event }) => event.chat_id)).size === chats.length);
    doomed.kill('SIGKILL');
    await doomed.ended;
    await eventually(() => expect(held.some(({ response }) => response.destroyed)).toBe(true), limitMs);
    const cut = held.filter(({ response }) => response.destroyed).map(({ id }) => id);
    backend.answer(204);
    for (const { response } of held) response.writeHead(204).end();
    for (let round = 0; round < 3; round += 1) await sendThrough(survivor, `after ${round}`);
    const log = await readLog(survivor, bot, 28);
    await eventually(() => expect([...new Set(idsOf(calls()))].toSorted()).toEqual(log), limitMs);
    for (const { chat_id } of chats) expect(firstOf(calls(), chat_id)).toEqual(firstOf(calls(), chat_id).toSorted());
    // What was not answered comes again.
    for (const id of cut) expect(idsOf(calls()).filter((other) => other === id).length).toBeGreaterThan(1);
  });
});
