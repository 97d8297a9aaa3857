import { readPages } from '@chatferry/testkit/http/read-pages';
import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
const path = '/api/v1/messages';
let bot: ConnectedBot;
/** Another channel in the same workspace, and one in another workspace. */
let sibling: ConnectedBot;
let stranger: ConnectedBot;
let workspaceKey: string;

beforeAll(async () => {
  bot = await connectBot(rig);
  stranger = await connectBot(rig);
  const made = rig.sandbox.telegram.createBot();
  const { body } = await rig.admin('/api/v1/channels', {
    body: { workspace_id: bot.workspaceId, bot_token: made.token },
  });
  sibling = { ...bot, channelId: body.id, key: body.key.secret, keyId: body.key.id, botId: made.id, token: made.token };
  const key = await rig.admin('/api/v1/keys', { body: { kind: 'workspace', workspace_id: bot.workspaceId } });
  workspaceKey = key.body.secret;
});

const get = (key: string, url: string) => rig.call(url, { headers: { 'x-octopods-auth': key } });
const idsIn = (data: readonly { readonly [field: string]: unknown }[]) => data.map((message) => message['id']);

async function sendTo(from: ConnectedBot, chatId: string): Promise<number> {
  const { status, body } = await send(rig, from, aSend(chatId));
  expect(status).toBe(201);
  return body.message_id;
}

describe('a message', () => {
  it('shows its result at Telegram, every attempt, and its copy in the inbox', async () => {
    const customer = newCustomer(rig, bot);
    const { body: sent } = await send(rig, bot, aSend(customer.chatId));
    await expect
      .poll(async () => (await get(bot.key, `${path}/${sent.message_id}`)).body.mirror.state, { timeout: 10_000 })
      .toBe('done');
    const { status, body } = await get(bot.key, `${path}/${sent.message_id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: sent.message_id,
      direction: 'outbound',
      state: 'sent',
      channel_id: bot.channelId,
      chat_id: customer.chatId,
      text: 'Your order has shipped. Track or get help below.',
      channel_message_id: sent.channel_message_id,
      request_id: sent.request_id,
      failure: null,
      attempts: [{ number: 1, outcome: 'delivered' }],
    });
    const [conversation] = rig.sandbox.intercom.conversations(bot.intercomId);
    expect(body.mirror.conversation_id).toBe(conversation?.id);
    expect(body.mirror.entry_id).toEqual(expect.any(String));
  });

  it('that Telegram refused shows the error that the caller got', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.telegram.block(customer.at);
    const refused = await send(rig, bot, aSend(customer.chatId));
    expect(refused.body.error_code).toBe(5);
    const { body } = await get(bot.key, `${path}/${refused.body.message_id}`);
    expect(body).toMatchObject({
      state: 'failed',
      failure: { code: 5, name: 'TELEGRAM_REJECTED', reason: 'blocked', detail: refused.body.error, can_retry: false },
      attempts: [{ outcome: 'rejected' }],
      mirror: { state: 'none' },
    });
  });

  it('is visible to the keys of its channel and of its workspace, and to no others', async () => {
    const id = await sendTo(bot, newCustomer(rig, bot).chatId);
    const statuses = [];
    for (const key of [bot.key, workspaceKey, sibling.key, stranger.key]) {
      statuses.push((await get(key, `${path}/${id}`)).status);
    }
    expect(statuses).toEqual([200, 200, 404, 404]);
  });

  it.each(['0', '007', '9007199254740991', '99999999999999999999', 'tg-1', '1e3', '-1', '%00'])(
    'that is called %s does not exist',
    async (id) => {
      const { status, body } = await get(bot.key, `${path}/${id}`);
      expect([status, body.error_code]).toEqual([404, 104]);
    },
  );
});

describe('the list of messages', () => {
  it('contains only the messages of the key’s channel or workspace', async () => {
    const own = await sendTo(bot, newCustomer(rig, bot).chatId);
    const siblings = await sendTo(sibling, newCustomer(rig, sibling).chatId);
    const strangers = await sendTo(stranger, newCustomer(rig, stranger).chatId);
    const seen = async (key: string, query = '') => {
      const ids = idsIn((await get(key, `${path}?limit=200${query}`)).body.data);
      return [own, siblings, strangers].map((id) => ids.includes(id));
    };
    expect(await seen(bot.key)).toEqual([true, false, false]);
    expect(await seen(sibling.key)).toEqual([false, true, false]);
    expect(await seen(workspaceKey)).toEqual([true, true, false]);
    expect(await seen(workspaceKey, `&channel_id=${sibling.channelId}`)).toEqual([false, true, false]);
    expect(await seen(bot.key, `&channel_id=${sibling.channelId}`)).toEqual([false, false, false]);
    expect(await seen(workspaceKey, `&channel_id=${stranger.channelId}`)).toEqual([false, false, false]);
  });

  it('comes newest first, in pages that later messages do not shift', async () => {
    const { chatId } = newCustomer(rig, bot);
    const sent: number[] = [];
    for (let count = 0; count < 5; count += 1) sent.unshift(await sendTo(bot, chatId));
    const query = `${path}?chat_id=${chatId}&state=sent&limit=2`;
    const first = (await get(bot.key, query)).body;
    expect(idsIn(first.data)).toEqual(sent.slice(0, 2));
    await sendTo(bot, chatId);
    const second = (await get(bot.key, `${query}&cursor=${first.next_cursor}`)).body;
    expect(idsIn(second.data)).toEqual(sent.slice(2, 4));
    const third = (await get(bot.key, `${query}&cursor=${second.next_cursor}`)).body;
    expect([idsIn(third.data), third.next_cursor]).toEqual([sent.slice(4), null]);
    expect(idsIn((await readPages((url) => get(bot.key, url), query)).flat())).toHaveLength(6);
  });

  it('is filtered by chat and by state, and includes the customer’s messages', async () => {
    const customer = newCustomer(rig, bot);
    const id = await sendTo(bot, customer.chatId);
    rig.sandbox.telegram.text(customer.at, { text: 'Thank you' });
    const received = async () =>
      (await get(bot.key, `${path}?chat_id=${customer.chatId}&state=received`)).body.data.at(0);
    await expect
      .poll(received, { timeout: 10_000 })
      .toMatchObject({ direction: 'inbound', state: 'received', text: 'Thank you', attempts: [], request_id: null });
    expect(idsIn((await get(bot.key, `${path}?chat_id=${customer.chatId}&state=sent`)).body.data)).toEqual([id]);
    expect((await get(bot.key, `${path}?chat_id=${customer.chatId}&state=unknown`)).body.data).toEqual([]);
  });

  it.each(['limit=0', 'limit=201', 'cursor=x', 'cursor=1e3', 'cursor=0', 'state=lost', 'chat_id=abc', 'chats=1'])(
    'refuses ?%s and names the place',
    async (query) => {
      const { status, body } = await get(bot.key, `${path}?${query}`);
      expect([status, body.error_code, body.details[0].pointer]).toEqual([400, 4, `#/query/${query.split('=')[0]}`]);
    },
  );

  it('is refused to the administrator’s token', async () => {
    expect((await rig.admin(path)).status).toBe(401);
  });
});
