import type { Event } from '@chatferry/contract';
import { connectBot, startRig } from '@chatferry/testkit/rigs/rig';
import { afterEach, describe, expect, it } from 'vitest';
import { followEvents, type StreamReader } from './event-stream.ts';
import { eventually } from './eventually.ts';

const rig = await startRig();

interface Reader {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly key: string;
}

async function createTestChannel(): Promise<Reader> {
  const { status, body } = await rig.admin('/api/v1/test-mode', { body: {} });
  expect(status).toBe(201);
  return { channelId: body.id, workspaceId: body.workspace_id, key: body.key.secret };
}

const test = await createTestChannel();
const otherTest = await createTestChannel();
const live = await connectBot(rig, { accepts_any_chat: true });
const workspaceKeyOf = async ({ workspaceId }: Pick<Reader, 'workspaceId'>): Promise<string> =>
  (await rig.admin('/api/v1/keys', { body: { kind: 'workspace', workspace_id: workspaceId } })).body.secret;
const liveWorkspaceKey = await workspaceKeyOf(live);
const testWorkspaceKey = await workspaceKeyOf(test);

const keyOf = (key: string) => ({ 'x-octopods-auth': key });
const channelsIn = (events: readonly Event[]): ReadonlySet<string> =>
  new Set(events.map((event) => event.channel_id ?? '-'));

async function readAll(key: string): Promise<readonly Event[]> {
  const { status, body } = await rig.call('/api/v1/events?limit=200', { headers: keyOf(key) });
  expect([status, body.has_more]).toEqual([200, false]);
  return body.data;
}

const recordedIn = (events: readonly Event[], chatId: string) =>
  events.filter((event) => event.type === 'message.recorded' && event.chat_id === chatId);

const everyone = [
  ['the key of a test channel', test.key, test.channelId],
  ['the key of another test channel', otherTest.key, otherTest.channelId],
  ['the key of a test workspace', testWorkspaceKey, test.channelId],
  ['the key of a live channel', live.key, live.channelId],
  ['the key of a live workspace', liveWorkspaceKey, live.channelId],
] as const;

let chats = 700_000;

/** The same chat gets a message from all channels, and a customer writes in the live one. */
async function sendEverywhere(): Promise<string> {
  chats += 1;
  const chatId = String(chats);
  for (const bot of [test, otherTest, live]) {
    const sent = await rig.call('/api/v1/messages', { headers: keyOf(bot.key), body: { to: chatId, text: 'Shipped' } });
    expect(sent.status).toBe(201);
  }
  for (const { key } of [test, otherTest, live]) {
    await eventually(async () => expect(recordedIn(await readAll(key), chatId)).toHaveLength(1));
  }
  return chatId;
}

describe('the events of test mode', () => {
  const open: StreamReader[] = [];
  afterEach(() => {
    for (const reader of open.splice(0)) reader.close();
  });

  it('are in the pages of their own test channel only', async () => {
    const chatId = await sendEverywhere();
    for (const [name, key, channelId] of everyone) {
      const events = await readAll(key);
      expect(channelsIn(events), name).toEqual(new Set([channelId]));
      expect(recordedIn(events, chatId), name).toHaveLength(1);
    }
  });

  it('are in the stream of their own test channel only', async () => {
    const streams = await Promise.all(everyone.map(([, key]) => followEvents(rig, keyOf(key))));
    open.push(...streams);
    expect(streams.map(({ status }) => status)).toEqual(everyone.map(() => 200));
    const chatId = await sendEverywhere();
    for (const [index, [name, , channelId]] of everyone.entries()) {
      const { events } = streams[index] as StreamReader;
      await eventually(() => expect(recordedIn(events, chatId), name).toHaveLength(1));
      expect(channelsIn(events), name).toEqual(new Set([channelId]));
    }
  });

  it('of another channel cannot be had by its place in the log', async () => {
    await sendEverywhere();
    for (const [mine, theirs] of [
      [test, live],
      [live, test],
      [test, otherTest],
    ] as const) {
      const [first] = await readAll(theirs.key);
      const { status, body } = await rig.call(`/api/v1/events?after=${first?.id}`, { headers: keyOf(mine.key) });
      expect(status).toBe(200);
      expect(channelsIn(body.data)).toEqual(new Set([mine.channelId]));
    }
  });

  it('are made by what the customer of a test chat does', async () => {
    const chatId = await sendEverywhere();
    const said = await rig.call(`/api/v1/test-mode/chats/${chatId}/text`, {
      headers: keyOf(test.key),
      body: { text: 'Thank you' },
    });
    expect(said.status).toBe(200);
    const received = (events: readonly Event[]) =>
      events.filter((event) => event.type === 'message.received' && event.chat_id === chatId);
    await eventually(async () => expect(received(await readAll(test.key))).toHaveLength(1));
    for (const { key } of [otherTest, live]) expect(received(await readAll(key))).toEqual([]);
  });
});
