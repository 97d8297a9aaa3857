import { startWebhookBackend } from '@chatferry/testkit/http/webhook-backend';
import { aSend, connectBot, newCustomer, send, startRig } from '@chatferry/testkit/rigs/rig';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, it } from 'vitest';

const backend = await startWebhookBackend();
afterAll(() => backend.close());
const rig = await startRig({ CHATFERRY_ALLOWED_PRIVATE_ORIGINS: backend.url });
const bot = await connectBot(rig, { accepts_any_chat: true });
const path = '/api/v1/webhook-endpoints';

describe('a webhook', () => {
  it('brings the events of a message in order, signed', async () => {
    const made = await rig.admin(path, { body: { url: `${backend.url}/a` } });
    expect(made.status).toBe(201);
    const customer = newCustomer(rig, bot);
    const sent = await send(rig, bot, aSend(customer.chatId));
    expect(sent.status).toBe(201);
    const calls = await backend.until((all) => all.some(({ event }) => event.type === 'message.recorded'));
    expect(calls.map(({ event }) => event.type)).toEqual(['message.accepted', 'message.sent', 'message.recorded']);
    for (const { text, headers } of calls) {
      expect(() => new Webhook(made.body.secret).verify(text, headers)).not.toThrow();
    }
  });
});
