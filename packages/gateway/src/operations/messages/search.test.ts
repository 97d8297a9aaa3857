import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/messages';
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

/** A message as far as these tests look at it. */
interface Found {
  readonly id: number;
  readonly kind: string;
  readonly created_at: string;
  readonly channel_message_id: string;
  readonly request_id: string;
  readonly mirror: { readonly conversation_id: string | null };
}

const find = async (conditions: Readonly<Record<string, string>>) => {
  const { status, body } = await rig.call(`${path}?${new URLSearchParams(conditions)}`, {
    headers: { 'x-octopods-auth': bot.key },
  });
  if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body as { readonly data: readonly Found[]; readonly next_cursor: string | null };
};

const idsOf = async (conditions: Readonly<Record<string, string>>) =>
  (await find(conditions)).data.map((message) => message.id);

/** A customer to whom one message was sent, and who wrote once. */
async function aConversation() {
  const customer = newCustomer(rig, bot);
  const { body } = await send(rig, bot, aSend(customer.chatId));
  rig.sandbox.telegram.text(customer.at, { text: 'Thank you' });
  await expect.poll(() => idsOf({ chat_id: customer.chatId, kind: 'text' }), { timeout: 30_000 }).toHaveLength(2);
  const [answer, sent] = (await find({ chat_id: customer.chatId, kind: 'text' })).data as [Found, Found];
  return { ...customer, sent, answer, requestId: body.request_id as string };
}

describe('messages are found by', () => {
  it('the request that sent them', async () => {
    const { sent, requestId } = await aConversation();
    expect(await idsOf({ request_id: requestId })).toEqual([sent.id]);
    expect(await idsOf({ request_id: '00000000-0000-4000-8000-000000000000' })).toEqual([]);
  });

  it('their direction and kind', async () => {
    const { chatId, sent, answer } = await aConversation();
    expect(await idsOf({ chat_id: chatId, direction: 'inbound' })).toHaveLength(2);
    expect(await idsOf({ chat_id: chatId, direction: 'outbound' })).toEqual([sent.id]);
    expect(await idsOf({ chat_id: chatId, direction: 'inbound', kind: 'text' })).toEqual([answer.id]);
    expect(await idsOf({ chat_id: chatId, kind: 'text' })).toEqual([answer.id, sent.id]);
    expect(await idsOf({ chat_id: chatId, kind: 'photo' })).toEqual([]);
  });

  it('the time at which they were created', async () => {
    const { chatId, sent, answer } = await aConversation();
    const at = answer.created_at;
    expect(await idsOf({ chat_id: chatId, since: at })).toEqual([answer.id]);
    expect(await idsOf({ chat_id: chatId, until: at, direction: 'outbound' })).toEqual([sent.id]);
    expect(await idsOf({ chat_id: chatId, until: at })).not.toContain(answer.id);
    expect(await idsOf({ chat_id: chatId, since: '2020-01-01T00:00:00+02:00', until: '2020-02-01T00:00:00Z' })).toEqual(
      [],
    );
    expect(await idsOf({ since: '2999-01-01T00:00:00Z' })).toEqual([]);
  });

  it('their number in Telegram, together with the chat', async () => {
    const { chatId, sent } = await aConversation();
    expect(await idsOf({ chat_id: chatId, channel_message_id: sent.channel_message_id })).toEqual([sent.id]);
    const { status, body } = await rig.call(`${path}?channel_message_id=tg-1`, {
      headers: { 'x-octopods-auth': bot.key },
    });
    expect([status, body.details[0].pointer]).toEqual([400, '#/query/chat_id']);
  });

  it('the conversation in the inbox', async () => {
    const { sent, answer } = await aConversation();
    const conversation = async () => (await find({ request_id: sent.request_id })).data[0]?.mirror.conversation_id;
    await expect.poll(conversation, { timeout: 30_000 }).toEqual(expect.any(String));
    const conversationId = (await conversation()) as string;
    await expect
      .poll(() => idsOf({ conversation_id: conversationId, kind: 'text' }), { timeout: 30_000 })
      .toEqual([answer.id, sent.id]);
  });

  it('every kind of content, with the kind that the message shows', async () => {
    const customer = newCustomer(rig, bot);
    const { telegram } = rig.sandbox;
    telegram.text(customer.at, { text: 'Hello' });
    telegram.shareContact(customer.at);
    telegram.shareLocation(customer.at, { latitude: 1, longitude: 2 });
    for (const kind of ['photo', 'video_note', 'voice', 'sticker', 'document'] as const)
      telegram.file(customer.at, { kind, bytes: Buffer.from('GIF89a') });
    telegram.block(customer.at);
    const shown = async () => (await find({ chat_id: customer.chatId })).data.map((message) => message.kind);
    await expect.poll(shown, { timeout: 30_000 }).toHaveLength(10);
    for (const kind of await shown()) {
      const found = (await find({ chat_id: customer.chatId, kind })).data;
      expect([kind, found.map((message) => message.kind)]).toEqual([kind, [kind]]);
    }
  });
});

describe('a search that looks at many messages in vain', () => {
  it('ends a page early, and the next page continues where it ended', async () => {
    const { chatId, sent } = await aConversation();
    const [{ id: from }] = (await rig.database.pool.query<{ id: number }>('select max(id) as id from messages'))
      .rows as [{ readonly id: number }];
    await rig.database.pool.query(
      `insert into messages (workspace_id, channel_id, chat_id, direction, origin, state, content, mirror)
       select $1, $2, 1, 'outbound', 'api', 'sent', '{"text":"x","controls":{"kind":"none"}}', 'none'
       from generate_series(1, 25000)`,
      [bot.workspaceId, bot.channelId],
    );
    const first = await find({ kind: 'poll' });
    expect([first.data, first.next_cursor]).toEqual([[], expect.any(String)]);
    expect(Number(first.next_cursor)).toBeGreaterThan(from);
    const failed = await find({ chat_id: chatId, state: 'sent' });
    expect(failed.data.map((message) => message.id)).toEqual([sent.id]);
  });
});
