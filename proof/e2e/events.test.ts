import { Event, type EventOf, type EventType, eventExamples, eventTypes } from '@chatferry/contract';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { startPublicRig } from './desk.ts';
import { followEvents, type StreamReader } from './event-stream.ts';
import { eventually } from './eventually.ts';

const rig = await startRig({ CHATFERRY_CALLER_WAIT_MS: '5000' });
const { telegram, faults } = rig.sandbox;
const { pool } = rig.database;
let bot: ConnectedBot;
/** Another channel in the same workspace, and one in another workspace. */
let sibling: ConnectedBot;
let stranger: ConnectedBot;
let workspaceKey: string;

beforeAll(async () => {
  bot = await connectBot(rig);
  stranger = await connectBot(rig);
  const made = telegram.createBot();
  const { body } = await rig.admin('/api/v1/channels', {
    body: { workspace_id: bot.workspaceId, bot_token: made.token },
  });
  sibling = { ...bot, channelId: body.id, key: body.key.secret, keyId: body.key.id, botId: made.id, token: made.token };
  const key = await rig.admin('/api/v1/keys', { body: { kind: 'workspace', workspace_id: bot.workspaceId } });
  workspaceKey = key.body.secret;
});
beforeEach(() => faults.clear());

const keyOf = (key: string) => ({ 'x-octopods-auth': key });
const get = (key: string, query = '') => rig.call(`/api/v1/events${query}`, { headers: keyOf(key) });

/** Everything in the log that a key may read. Reads small pages. */
async function readAll(key = bot.key, query = ''): Promise<readonly Event[]> {
  const seen: Event[] = [];
  let after = '';
  for (;;) {
    const { status, body } = await get(key, `?limit=20${query}${after}`);
    expect(status).toBe(200);
    seen.push(...body.data);
    if (!body.has_more) return seen;
    after = `&after=${body.next_after}`;
  }
}
const isOfChat = (chatId: string) => (event: Event) => 'chat_id' in event && event.chat_id === chatId;
const eventsOf = async (chatId: string, key = bot.key) => (await readAll(key)).filter(isOfChat(chatId));
const typesOf = async (messageId: number, key = bot.key) =>
  (await readAll(key))
    .filter((event) => 'message_id' in event && event.message_id === messageId)
    .map(({ type }) => type);
const untilTypes = (messageId: number, types: readonly EventType[], key = bot.key) =>
  eventually(async () => expect(await typesOf(messageId, key)).toEqual(types));

/** The newest event of this type in the chat, once there is one. */
const eventOf = <T extends EventType>(chatId: string, type: T, key = bot.key): Promise<EventOf<T>> =>
  eventually(async () => {
    const event = (await eventsOf(chatId, key)).findLast((one): one is EventOf<T> => one.type === type);
    if (!event) throw new Error(`there is no ${type}`);
    return event;
  });

const buttons = (data: string) => ({
  telegram_interactive_message: {
    type: 'reply_buttons',
    text: 'Shall we?',
    reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: data }]] },
  },
});
const failNextSend = (chatId: string, effect: Parameters<typeof faults.inject>[0]['effect']) =>
  faults.inject({ provider: 'telegram', operation: 'sendMessage', subject: chatId, times: 1, effect });
const sendTo = async (from: ConnectedBot, chatId: string, change = {}) =>
  (await send(rig, from, aSend(chatId, change))).body.message_id as number;

describe('the events of a message of the backend', () => {
  it('say that it was accepted, sent and recorded, each once and in this order', async () => {
    const { chatId } = newCustomer(rig, bot);
    const { body } = await send(rig, bot, aSend(chatId));
    await untilTypes(body.message_id, ['message.accepted', 'message.sent', 'message.recorded']);
    const sent = await eventOf(chatId, 'message.sent');
    expect(sent).toMatchObject({
      workspace_id: bot.workspaceId,
      channel_id: bot.channelId,
      chat_id: chatId,
      message_id: body.message_id,
      data: { message: { id: body.message_id, state: 'sent', channel_message_id: body.channel_message_id } },
    });
    expect(sent.data.message).not.toHaveProperty('attempts');
  });

  it('say that it was edited, and that it was deleted', async () => {
    const { chatId } = newCustomer(rig, bot);
    const ask = (method: string, url: string, body?: object) =>
      rig.call(url, { method, headers: keyOf(bot.key), ...(body === undefined ? {} : { body }) });
    const path = '/api/v1/messages';
    const { body: sent } = await ask('POST', path, { to: chatId, text: 'Shipped', inbox: 'skip' });
    expect((await ask('PATCH', `${path}/${sent.id}`, { text: 'Sent' })).status).toBe(200);
    await ask('DELETE', `${path}/${sent.id}`);
    await untilTypes(sent.id, ['message.accepted', 'message.sent', 'message.edited', 'message.deleted']);
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body: later } = await ask('POST', path, { to: chatId, text: 'Later', send_at: sendAt });
    await ask('DELETE', `${path}/${later.id}`);
    await untilTypes(later.id, ['message.accepted', 'message.deleted']);
  });

  it('say that Telegram refused it', async () => {
    const customer = newCustomer(rig, bot);
    telegram.block(customer.at);
    const id = await sendTo(bot, customer.chatId);
    await untilTypes(id, ['message.accepted', 'message.failed']);
    expect((await eventOf(customer.chatId, 'message.failed')).data.message.failure?.code).toBe(5);
  });

  it('say that its outcome is unknown, and what a person decided', async () => {
    const { chatId } = newCustomer(rig, bot);
    failNextSend(chatId, { kind: 'reset-before' });
    const id = await sendTo(bot, chatId);
    await untilTypes(id, ['message.accepted', 'message.unknown']);
    const body = { state: 'failed', note: 'The chat does not show it.' };
    await rig.admin(`/api/v1/messages/${id}/resolve`, { body });
    await untilTypes(id, ['message.accepted', 'message.unknown', 'message.resolved']);
    expect((await eventOf(chatId, 'message.resolved')).data).toMatchObject({
      state: 'failed',
      message: { resolution: { by: 'admin', note: 'The chat does not show it.' } },
    });
  });

  it('say that the inbox did not take it', async () => {
    const away = await connectBot(rig);
    const customer = newCustomer(rig, away);
    faults.inject({
      provider: 'intercom',
      operation: '*',
      times: 99,
      effect: { kind: 'answer-before', answer: { status: 422, body: {} } },
    });
    const id = await sendTo(away, customer.chatId);
    await untilTypes(id, ['message.accepted', 'message.sent', 'message.not_recorded'], away.key);
  });
});

describe('the events of a customer', () => {
  it('have the words, the tap with our message, the contact and the location', async () => {
    const { chatId, at } = newCustomer(rig, bot);
    const id = await sendTo(bot, chatId, buttons('order:42'));
    const number = telegram.sent(at).at(-1)?.message_id ?? 0;
    telegram.tap(at, { message_id: number, row: 0, column: 0 });
    expect((await eventOf(chatId, 'button.tapped')).data.tap).toEqual({
      button: 'Yes',
      data: 'order:42',
      message_id: id,
    });
    const { message_id: words } = telegram.text(at, { text: 'Thank you' });
    expect((await eventOf(chatId, 'message.received')).data.message.text).toBe('Thank you');
    telegram.edit(at, { message_id: words, text: 'Thank you!' });
    expect((await eventOf(chatId, 'message.received_edited')).data.message.text).toBe('Thank you!');
    telegram.shareContact(at);
    expect((await eventOf(chatId, 'contact.shared')).data.contact).toMatchObject({ first_name: 'Grace', is_own: true });
    telegram.shareLocation(at, { latitude: 52.5, longitude: 13.4 });
    expect((await eventOf(chatId, 'location.shared')).data.location).toMatchObject({ latitude: 52.5, is_live: false });
  });

  it('tell that the bot was started with a payload, blocked and unblocked', async () => {
    const { chatId, at } = newCustomer(rig, bot);
    telegram.start(at, { payload: 'spring' });
    await eventually(async () => expect((await eventOf(chatId, 'chat.started')).data.payload).toBe('spring'));
    telegram.block(at);
    expect((await eventOf(chatId, 'chat.blocked')).data.chat).toMatchObject({ id: chatId, title: 'Grace' });
    telegram.unblock(at);
    await eventOf(chatId, 'chat.unblocked');
  });

  it('tell the new id of a group, once', async () => {
    const reader = await connectBot(rig, { can_read_all_group_messages: true });
    const user = { first_name: 'Grace' };
    const { chat_id } = telegram.createChat({ bot_id: reader.botId, type: 'group', title: 'Orders', user });
    const moved = telegram.migrate({ bot_id: reader.botId, chat_id });
    const after = { bot_id: reader.botId, chat_id: moved.chat_id };
    const event = await eventOf(String(chat_id), 'chat.migrated', reader.key);
    expect(event.data).toMatchObject({ chat: { id: String(chat_id) }, migrated_to: String(moved.chat_id) });
    telegram.text(after, { text: 'Good day' });
    await eventOf(String(moved.chat_id), 'message.received', reader.key);
    expect((await readAll(reader.key)).filter(({ type }) => type === 'chat.migrated')).toHaveLength(1);
  });
});

describe('the events of an agent', () => {
  it('are about the reply, not about a message of the backend', async () => {
    const desks = await startPublicRig();
    const desk = await openAgentsDesk(desks, 'intercom');
    const customer = desk.customer();
    await desk.writes(customer, 'Hello?');
    await desk.answer('Good day');
    const all = async () =>
      (await desks.call('/api/v1/events?limit=200', { headers: keyOf(desk.bot.key) })).body.data as readonly Event[];
    await eventually(async () => expect((await all()).map(({ type }) => type)).toContain('reply.sent'));
    const reply = (await all()).find((event): event is EventOf<'reply.sent'> => event.type === 'reply.sent');
    expect(reply?.data.message).toMatchObject({ origin: 'agent', text: 'Good day' });
    const about = (await all()).filter((event) => 'message_id' in event && event.message_id === reply?.message_id);
    expect(about.map(({ type }) => type)).toEqual(['reply.sent']);
  });
});

describe('the events of a channel and of alarms', () => {
  it('tell a break and the recovery, with the alarm', async () => {
    const fragile = await connectBot(rig);
    await pool.query(`update channels set state = 'broken', problem = 'the token is refused' where id = $1`, [
      fragile.channelId,
    ]);
    await pool.query(
      `insert into alarms (source, kind, subject, workspace_id, detail, remedy)
       values ('of a test', 'channel-broken', $1, $2, 'd', 'r')`,
      [fragile.channelId, fragile.workspaceId],
    );
    await pool.query(`update channels set state = 'active', problem = null where id = $1`, [fragile.channelId]);
    await pool.query(`update alarms set cleared_at = now() where subject = $1`, [fragile.channelId]);
    const types: EventType[] = ['channel.broken', 'alarm.raised', 'channel.recovered', 'alarm.cleared'];
    const seen = await eventually(async () => {
      const events = await readAll(fragile.key);
      expect(events.map(({ type }) => type)).toEqual(types);
      return events;
    });
    expect(seen[0]?.data).toEqual({ problem: 'the token is refused' });
    expect(seen[1]?.data).toMatchObject({ alarm: { kind: 'channel-broken', subject: fragile.channelId } });
  });
});

describe('a reader of pages', () => {
  it('sees its channel or its workspace only, and the administrator sees all', async () => {
    const chats: string[] = [];
    for (const one of [bot, sibling, stranger]) {
      const { chatId } = newCustomer(rig, one);
      await sendTo(one, chatId);
      chats.push(chatId);
    }
    const seen = (events: readonly Event[]) => chats.map((chatId) => events.some(isOfChat(chatId)));
    await eventOf(chats[2] ?? '', 'message.recorded', stranger.key);
    expect(seen(await readAll(bot.key))).toEqual([true, false, false]);
    expect(seen(await readAll(sibling.key))).toEqual([false, true, false]);
    expect(seen(await readAll(workspaceKey))).toEqual([true, true, false]);
    expect(seen(await readAll(stranger.key))).toEqual([false, false, true]);
    const all: Event[] = [];
    let after = '';
    for (;;) {
      const { body } = await rig.admin(`/api/v1/events?limit=200${after}`);
      all.push(...body.data);
      if (!body.has_more) break;
      after = `&after=${body.next_after}`;
    }
    expect(seen(all)).toEqual([true, true, true]);
    for (const event of all) expect(() => Event.parse(event)).not.toThrow();
  });

  it('gets only the types that it asks for, and continues where it was', async () => {
    const { body: start } = await get(bot.key, '?after=latest');
    const { chatId } = newCustomer(rig, bot);
    const id = await sendTo(bot, chatId);
    await untilTypes(id, ['message.accepted', 'message.sent', 'message.recorded']);
    const query = `?types=message.sent,message.accepted&after=${start.next_after}`;
    const { body } = await get(bot.key, query);
    expect(body.data.map(({ type }: Event) => type)).toEqual(['message.accepted', 'message.sent']);
    const { body: next } = await get(bot.key, `?types=message.sent&after=${body.next_after}`);
    expect(next).toMatchObject({ data: [], has_more: false });
  });

  it.each([
    ['after=evt_', 400, '#/query/after'],
    ['after=1', 400, '#/query/after'],
    ['types=message.lost', 400, '#/query/types'],
    ['types=', 400, '#/query/types'],
    ['limit=0', 400, '#/query/limit'],
    ['cursor=1', 400, '#/query/cursor'],
    ['after=evt_000000000000000000000000000000001', 404, '#/query/after'],
  ])('is refused ?%s', async (query, status, pointer) => {
    const answer = await get(bot.key, `?${query}`);
    expect([answer.status, answer.body.details[0].pointer]).toEqual([status, pointer]);
  });

  it('needs the scope read, and a credential', async () => {
    const { body } = await rig.admin('/api/v1/keys', {
      body: { kind: 'channel', channel_id: bot.channelId, scopes: ['send'] },
    });
    expect((await get(body.secret)).body.error_code).toBe(102);
    expect((await rig.call('/api/v1/events')).body.error_code).toBe(101);
  });
});

describe('a stream', () => {
  const open: StreamReader[] = [];
  const follow = async (headers: Readonly<Record<string, string>>, query = '') => {
    const reader = await followEvents(rig, headers, query);
    open.push(reader);
    return reader;
  };
  afterEach(() => {
    for (const reader of open.splice(0)) reader.close();
  });
  const idsIn = ({ events }: StreamReader, chatId: string) =>
    events.filter(isOfChat(chatId)).map((event) => 'message_id' in event && event.message_id);
  const typesIn = ({ events }: StreamReader) => events.map(({ type }) => type);

  it('begins with what happens from now on, and shows the same events as the pages', async () => {
    const { chatId } = newCustomer(rig, bot);
    const started = await eventOf(chatId, 'chat.started');
    await untilTypes(started.message_id, ['chat.started', 'message.recorded']);
    const reader = await follow(keyOf(bot.key));
    const id = await sendTo(bot, chatId);
    await eventually(() => expect(reader.events.filter(isOfChat(chatId)).length).toBeGreaterThanOrEqual(3));
    await untilTypes(id, ['message.accepted', 'message.sent', 'message.recorded']);
    const ids = reader.events.map((event) => event.id);
    const paged = (await readAll()).filter((event) => ids.includes(event.id));
    expect(paged.map((event) => event.id)).toEqual(ids);
    expect(reader.events.filter(isOfChat(chatId)).map(({ type }) => type)).toEqual(await typesOf(id));
    for (const event of reader.events) expect(() => Event.parse(event)).not.toThrow();
  });

  it('that is opened again with the last id continues after it, without a gap and without a repetition', async () => {
    const { chatId } = newCustomer(rig, bot);
    const first = await follow(keyOf(bot.key), '?types=message.sent');
    await eventually(() => expect(first.lastId()).not.toBeNull());
    const ids = [await sendTo(bot, chatId)];
    await eventually(() => expect(idsIn(first, chatId)).toEqual(ids));
    first.close();
    for (let count = 0; count < 3; count += 1) ids.push(await sendTo(bot, chatId));
    const again = await follow(
      { ...keyOf(bot.key), 'last-event-id': first.lastId() ?? '' },
      '?types=message.sent&after=latest',
    );
    ids.push(await sendTo(bot, chatId));
    await eventually(() => expect([...idsIn(first, chatId), ...idsIn(again, chatId)]).toEqual(ids));
  });

  it('shows no events of others', async () => {
    const reader = await follow(keyOf(bot.key));
    const { chatId } = newCustomer(rig, stranger);
    await sendTo(stranger, chatId);
    await eventOf(chatId, 'message.recorded', stranger.key);
    const mine = newCustomer(rig, bot);
    await sendTo(bot, mine.chatId);
    await eventually(() => expect(typesIn(reader)).toContain('message.recorded'));
    expect(reader.events.filter((event) => event.channel_id !== bot.channelId)).toEqual([]);
  });

  it('ends when its key is revoked', async () => {
    const { body: key } = await rig.admin('/api/v1/keys', { body: { kind: 'channel', channel_id: bot.channelId } });
    const reader = await follow(keyOf(key.secret));
    const other = await follow(keyOf(bot.key));
    await rig.admin(`/api/v1/keys/${key.id}/revoke`, { method: 'POST' });
    await eventually(() => expect(reader.hasEnded()).toBe(true));
    expect(other.hasEnded()).toBe(false);
    expect((await follow(keyOf(key.secret))).status).toBe(400);
  });

  it('is refused for a place that is no event, and for too many streams of one key', async () => {
    expect((await follow({ ...keyOf(bot.key), 'last-event-id': '7' })).status).toBe(400);
    expect((await follow(keyOf(bot.key), '?after=evt_000000000000000000000000000000001')).status).toBe(404);
    const statuses = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await follow(keyOf(sibling.key))).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
    open.at(-2)?.close();
    await eventually(async () => expect((await follow(keyOf(sibling.key))).status).toBe(200));
  });

  it('ends when the gateway stops, and does not delay the stop', async () => {
    const reader = await follow(keyOf(bot.key));
    await rig.restart();
    await eventually(() => expect(reader.hasEnded()).toBe(true));
    expect((await follow(keyOf(bot.key))).status).toBe(200);
  });
});

describe('the examples of the contract', () => {
  it('are one of each type, and fit their schemas', () => {
    expect(Object.keys(eventExamples)).toEqual(eventTypes);
    for (const example of Object.values(eventExamples)) expect(() => Event.parse(example)).not.toThrow();
    const ids = Object.values(eventExamples).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
  });
});
