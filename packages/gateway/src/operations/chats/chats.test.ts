import { aSend, type ConnectedBot, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;
let stranger: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
  stranger = await connectBot(rig);
});

const get = async (path: string, { key } = bot) =>
  rig.call(`/api/v1/chats${path}`, { headers: { 'x-octopods-auth': key } });

/** A customer who has written once. */
async function aCustomer(from: ConnectedBot, first_name: string) {
  const customer = newCustomer(rig, from, { first_name });
  rig.sandbox.telegram.text(customer.at, { text: 'Hello' });
  await expect.poll(async () => (await get(`/${customer.chatId}`, from)).status, { timeout: 30_000 }).toBe(200);
  return customer;
}

describe('a chat', () => {
  it('shows who it is, and that nothing can be sent while the bot is blocked', async () => {
    const { chatId, at } = await aCustomer(bot, 'Ada');
    const { body } = await get(`/${chatId}`);
    expect(body).toMatchObject({
      id: chatId,
      channel_id: bot.channelId,
      kind: 'private',
      title: expect.stringContaining('Ada'),
      blocked_at: null,
      last_seen_at: expect.stringMatching(/^20/),
    });
    await expect
      .poll(async () => (await get(`/${chatId}`)).body.conversation_id, { timeout: 30_000 })
      .toEqual(expect.any(String));
    expect(rig.sandbox.intercom.conversations(bot.intercomId).map(({ id }) => id)).toContain(
      (await get(`/${chatId}`)).body.conversation_id,
    );
    rig.sandbox.telegram.block(at);
    await expect
      .poll(async () => (await get(`/${chatId}`)).body.blocked_at, { timeout: 30_000 })
      .toEqual(expect.stringMatching(/^20/));
  });

  it('of another workspace does not exist', async () => {
    const { chatId } = await aCustomer(stranger, 'Eve');
    expect((await get(`/${chatId}`)).status).toBe(404);
    expect((await get(`/${chatId}/messages`)).status).toBe(404);
  });

  it('has its messages below it, newest first, narrowed by the same conditions as the list of messages', async () => {
    const { chatId } = await aCustomer(bot, 'Bob');
    const { body: sent } = await send(rig, bot, aSend(chatId));
    const kinds = async () =>
      (await get(`/${chatId}/messages`)).body.data.map(({ kind }: { readonly kind: string }) => kind).sort();
    await expect.poll(kinds, { timeout: 30_000 }).toEqual(['started', 'text', 'text']);
    expect((await get('/1/messages')).status).toBe(404);
    const narrowed = (await get(`/${chatId}/messages?direction=outbound`)).body.data;
    expect(narrowed.map(({ id }: { readonly id: number }) => id)).toEqual([sent.message_id]);
  });
});

describe('the list of chats', () => {
  it('has every chat of the key once, in pages', async () => {
    const known = [await aCustomer(bot, 'C'), await aCustomer(bot, 'D'), await aCustomer(bot, 'E')];
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { status, body } = await get(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      seen.push(...body.data.map(({ id }: { readonly id: string }) => id));
      cursor = body.next_cursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(known.map(({ chatId }) => chatId)));
  });

  it('refuses a cursor that no page returned', async () => {
    const { status, body } = await get('?cursor=chn_1');
    expect([status, body.details[0].pointer]).toEqual([400, '#/query/cursor']);
  });
});
