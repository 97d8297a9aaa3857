import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '../feed.ts';

import { type Rig, startRig } from '../testing/telegram-rig.ts';
import { type Reply, startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';

let rig: Rig;
let receiver: WebhookReceiver | undefined;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(async () => {
  await rig.close();
  await receiver?.close();
  receiver = undefined;
});

const listen = async (
  decide?: (update: { readonly message?: { readonly text?: string } }) => Reply | undefined,
  settings: Readonly<Record<string, unknown>> = {},
) => {
  receiver = await startWebhookReceiver(decide);
  await rig.call('setWebhook', { url: receiver.url, drop_pending_updates: true, ...settings });
  return receiver;
};

/** Resolves with the `count`-th event of this name that satisfies `wanted`. */
const happened = (name: string, count = 1, wanted: (data: FeedEvent['data']) => boolean = () => true) => {
  let seen = 0;
  return rig.sandbox.feed.waitFor((event) => {
    if (event.name === name && wanted(event.data)) seen += 1;
    return seen === count;
  });
};

const say = (text: string) => rig.sandbox.telegram.text(rig.at, { text });

const texts = (from: WebhookReceiver) => from.received.map(({ body }) => body.message?.text ?? Object.keys(body)[1]);

describe('a webhook', () => {
  it('receives each update as JSON with the secret token', async () => {
    const hook = await listen(undefined, { secret_token: 'Se-cret_1' });
    const { update_id } = say('hello');
    await happened('webhook.delivered');
    expect(hook.received).toHaveLength(1);
    expect(hook.received[0]?.headers['x-telegram-bot-api-secret-token']).toBe('Se-cret_1');
    expect(hook.received[0]?.headers['content-type']).toBe('application/json');
    expect(hook.received[0]?.body).toMatchObject({
      update_id,
      message: { text: 'hello', from: { id: 501 }, chat: { id: 501, type: 'private' } },
    });
  });

  it('receives the updates that were pending when it was set', async () => {
    receiver = await startWebhookReceiver();
    await rig.call('setWebhook', { url: receiver.url });
    await happened('webhook.delivered');
    expect(texts(receiver)).toEqual(['/start']);
  });

  it('receives a chat in order; a failing update delays its own chat only', async () => {
    const other = rig.sandbox.telegram.createChat({ bot_id: rig.bot.id, started: false });
    let isPoison = true;
    const hook = await listen((update) => ({ status: isPoison && update.message?.text === 'poison' ? 500 : 200 }));
    for (const text of ['poison', 'second', 'third']) say(text);
    rig.sandbox.telegram.text({ bot_id: rig.bot.id, chat_id: other.chat_id }, { text: 'elsewhere' });
    await happened('webhook.delivered', 1, ({ chat_id }) => chat_id === other.chat_id);
    await happened('webhook.failed', 2);
    expect(texts(hook).sort()).toEqual(['elsewhere', 'poison', 'poison']);
    isPoison = false;
    rig.clock.advance(2000);
    await happened('webhook.delivered', 3, ({ chat_id }) => chat_id === 501);
    expect(texts(hook).slice(3)).toEqual(['poison', 'second', 'third']);
  });

  it('receives taps while the messages of the chat are delayed', async () => {
    const { body } = await rig.call('sendMessage', {
      chat_id: 501,
      text: 'choose',
      reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
    });
    const hook = await listen((update) => ({ status: update.message ? 500 : 200 }));
    say('poison');
    rig.sandbox.telegram.tap(rig.at, { message_id: body.result.message_id, row: 0, column: 0 });
    await happened('webhook.delivered', 1, ({ kind }) => kind === 'callback_query');
    expect(texts(hook)).toContain('callback_query');
  });

  it('can answer with a method to run', async () => {
    const reply = { method: 'sendMessage', chat_id: 501, text: 'answered' };
    await listen((update) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: update.message ? JSON.stringify(reply) : '',
    }));
    say('hello');
    expect((await happened('message.sent')).data).toMatchObject({ chat_id: 501, text: 'answered' });
  });

  it('receives an update twice when the first confirmation was lost', async () => {
    const hook = await listen();
    say('hello');
    await happened('webhook.delivered');
    rig.sandbox.telegram.duplicateLastUpdate(rig.at);
    await happened('webhook.delivered', 2);
    expect(hook.received[0]?.body).toEqual(hook.received[1]?.body);
  });

  it('receives only the allowed kinds', async () => {
    const hook = await listen(undefined, { allowed_updates: ['my_chat_member'] });
    say('hello');
    rig.sandbox.telegram.block(rig.at);
    await happened('webhook.delivered');
    expect(hook.received.map(({ body }) => Object.keys(body)[1])).toEqual(['my_chat_member']);
    expect(hook.received[0]?.body.my_chat_member).toMatchObject({ new_chat_member: { status: 'kicked' } });
  });
});

describe('a webhook that fails', () => {
  it('is retried at once, then after 2, 4 and 8 seconds, and reported by getWebhookInfo', async () => {
    await listen(() => ({ status: 503 }));
    say('hello');
    const waits: unknown[] = [];
    for (const [index, waitMs] of [0, 0, 2000, 4000].entries()) {
      rig.clock.advance(waitMs);
      waits.push((await happened('webhook.failed', index + 1)).data['retry_in_ms']);
    }
    expect(waits).toEqual([0, 2000, 4000, 8000]);
    const { body } = await rig.call('getWebhookInfo');
    expect(body.result).toMatchObject({
      pending_update_count: 1,
      last_error_message: 'Wrong response from the webhook: 503 Service Unavailable',
      max_connections: 40,
    });
  });

  it('is retried after its Retry-After', async () => {
    await listen(() => ({ status: 429, headers: { 'retry-after': '17' } }));
    say('hello');
    expect((await happened('webhook.failed')).data['retry_in_ms']).toBe(17_000);
  });

  it('has a time limit of 60 seconds', async () => {
    await listen(() => undefined);
    say('hello');
    await happened('message.received', 2);
    await expect.poll(() => receiver?.received.length).toBe(1);
    rig.clock.advance(60_000);
    expect((await happened('webhook.failed')).data['error']).toBe('Read timeout expired');
  });

  it('loses an update that expires', async () => {
    const { body } = await rig.call('sendMessage', {
      chat_id: 501,
      text: 'choose',
      reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
    });
    await listen(() => ({ status: 500, headers: { 'retry-after': '151' } }));
    rig.sandbox.telegram.tap(rig.at, { message_id: body.result.message_id, row: 0, column: 0 });
    expect((await happened('update.expired')).data).toMatchObject({ kind: 'callback_query', chat_id: 501 });
    expect((await rig.call('getWebhookInfo')).body.result.pending_update_count).toBe(0);
  });
});

describe('setWebhook', () => {
  it.each([
    ['gateway', 'bad webhook: Failed to resolve host: Name or service not known'],
    ['ftp://bot.example/', 'invalid webhook URL specified'],
    ['http://bot.example/', 'bad webhook: An HTTPS URL must be provided for webhook'],
    ['https://bot.example:8080/', 'bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443'],
    ['https://192.168.1.5/', 'bad webhook: IP address 192.168.1.5 is reserved'],
    ['https://[2001:db8::1]/', 'bad webhook: IPv6-only addresses are not allowed'],
  ])('refuses %s', async (url, description) => {
    const { status, body } = await rig.call('setWebhook', { url });
    expect([status, body.description]).toEqual([400, `Bad Request: ${description}`]);
  });

  it.each([
    ['a'.repeat(257), 'secret token is too long'],
    ['with space', 'secret token contains unallowed characters'],
  ])('refuses the secret token %s', async (secret_token, description) => {
    const { body } = await rig.call('setWebhook', { url: 'https://bot.example/', secret_token });
    expect(body.description).toBe(`Bad Request: ${description}`);
  });

  it('returns a description of its effect', async () => {
    const set = () => rig.call('setWebhook', { url: 'http://localhost:1/x', drop_pending_updates: false });
    expect((await set()).body.description).toBe('Webhook was set');
    expect((await set()).body.description).toBe('Webhook is already set');
    expect((await rig.call('deleteWebhook')).body.description).toBe('Webhook was deleted');
    expect((await rig.call('deleteWebhook')).body.description).toBe('Webhook is already deleted');
  });

  it('refuses loopback addresses if allowLoopbackWebhooks is false', async () => {
    const strict = await startRig({ telegram: { allowLoopbackWebhooks: false, limitSetWebhook: true } });
    const { body } = await strict.call('setWebhook', { url: 'https://127.0.0.1/' });
    expect(body.description).toBe('Bad Request: bad webhook: IP address 127.0.0.1 is reserved');
    const hasty = await strict.call('setWebhook', { url: 'https://127.0.0.1/' });
    expect([hasty.status, hasty.retryAfter, hasty.body.parameters]).toEqual([429, '1', { retry_after: 1 }]);
    await strict.close();
  });
});
