import { sendExamples } from '@chatferry/contract';
import {
  aSend,
  type ConnectedBot,
  connectBot,
  newCustomer,
  send,
  sendPath,
  startRig,
} from '@chatferry/testkit/rigs/rig';
import { beforeAll, describe, expect, it } from 'vitest';

const rig = await startRig();
let bot: ConnectedBot;

beforeAll(async () => {
  bot = await connectBot(rig);
});

const lastMessage = (customer: { readonly at: { readonly bot_id: number; readonly chat_id: number } }) =>
  rig.sandbox.telegram.transcript(customer.at).messages.at(-1);

describe('the send, with status 201', () => {
  it.each(Object.entries(sendExamples))('delivers the documented example %s unchanged', async (_name, example) => {
    const customer = newCustomer(rig, bot);
    const payload = (example.value as { telegram_interactive_message: Record<string, unknown> })
      .telegram_interactive_message;
    const { status, body, headers } = await send(rig, bot, {
      ...(example.value as object),
      destination_user_id: customer.chatId,
    });
    expect(status).toBe(201);
    const shown = lastMessage(customer);
    expect(body).toEqual({
      request_id: headers.get('x-request-id'),
      message_id: expect.any(Number),
      channel_message_id: `tg-${shown?.message_id}`,
    });
    expect(body.request_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(shown).toMatchObject({ text: payload['text'], reply_markup: payload['reply_markup'] });
  });

  it('accepts the message as a JSON string and the chat id as a number', async () => {
    const customer = newCustomer(rig, bot);
    const body = aSend(customer.chatId);
    const answer = await send(rig, bot, {
      destination_user_id: Number(customer.chatId),
      telegram_interactive_message: JSON.stringify(body.telegram_interactive_message),
    });
    expect(answer.status).toBe(201);
    expect(lastMessage(customer)?.reply_markup).toEqual(body.telegram_interactive_message.reply_markup);
  });

  it('accepts a body without a content type, and the key as a bearer token', async () => {
    const customer = newCustomer(rig, bot);
    const answer = await rig.call(sendPath, {
      method: 'POST',
      raw: Buffer.from(JSON.stringify(aSend(customer.chatId))),
      headers: { authorization: `Bearer ${bot.key}` },
    });
    expect(answer.status).toBe(201);
  });

  it('sends the text as it is: without interpreting markup, and with up to 4096 code points', async () => {
    const customer = newCustomer(rig, bot);
    const text = `<b>&amp; *not bold*</b>${'😀'.repeat(4096 - 23)}`;
    const body = aSend(customer.chatId);
    const answer = await send(rig, bot, {
      ...body,
      telegram_interactive_message: { ...body.telegram_interactive_message, text },
    });
    expect(answer.status).toBe(201);
    expect(lastMessage(customer)?.text).toBe(text);
  });

  it('ignores unknown fields and names them in warnings', async () => {
    const customer = newCustomer(rig, bot);
    const answer = await send(rig, bot, aSend(customer.chatId, { destnation: 'x', hubspot_user_id: '7' }));
    expect(answer.status).toBe(201);
    expect(answer.body.warnings.map((warning: { pointer: string }) => warning.pointer)).toEqual([
      '/destnation',
      '/hubspot_user_id',
    ]);
  });

  it('accepts a workspace key: for the only channel without its id, for one of several with its id', async () => {
    const own = await connectBot(rig);
    const { body: key } = await rig.admin('/api/v1/keys', {
      body: { kind: 'workspace', workspace_id: own.workspaceId },
    });
    const customer = newCustomer(rig, own);
    const headers = { 'x-octopods-auth': key.secret };
    expect((await rig.call(sendPath, { body: aSend(customer.chatId), headers })).status).toBe(201);
    const body = aSend(customer.chatId, { channel_id: own.channelId });
    expect((await rig.call(sendPath, { body, headers })).status).toBe(201);
  });

  it('is not delayed or failed by an inbox that is down', async () => {
    const customer = newCustomer(rig, bot);
    rig.sandbox.faults.inject({
      provider: 'intercom',
      operation: '*',
      times: 1_000,
      effect: { kind: 'answer-before', answer: { status: 503, body: {} } },
    });
    expect((await send(rig, bot, aSend(customer.chatId))).status).toBe(201);
    rig.sandbox.faults.clear();
  });

  it('keeps the order of a burst to one chat', async () => {
    const customer = newCustomer(rig, bot);
    const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    const message = aSend(customer.chatId).telegram_interactive_message;
    const answers = await Promise.all(
      texts.map((text) =>
        send(rig, bot, {
          destination_user_id: customer.chatId,
          telegram_interactive_message: { ...message, text },
        }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(texts.map(() => 201));
    const ids = answers.map((answer) => answer.body.message_id);
    const channelIds = answers.map((answer) => Number(answer.body.channel_message_id.slice(3)));
    const byId = [...ids.keys()].sort((a, b) => ids[a] - ids[b]);
    const byChannelId = [...channelIds.keys()].sort((a, b) => (channelIds[a] ?? 0) - (channelIds[b] ?? 0));
    expect(byId).toEqual(byChannelId);
  });
});
