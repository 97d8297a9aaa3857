import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/inbox-rig.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';
import { createVirtualClock, type VirtualClock } from '../virtual-clock.ts';
import type { WorkspaceCredentials } from './control.ts';
import { createIntercom, type IntercomSimulator } from './intercom.ts';
import { signature } from './webhooks.ts';

let clock: VirtualClock;
let rig: Rig<IntercomSimulator>;
let hook: WebhookReceiver;
let workspace: WorkspaceCredentials;
let conversationId: string;

beforeEach(async () => {
  clock = createVirtualClock(1_795_000_000_000);
  rig = await startRig('intercom', createIntercom, clock);
  hook = await startWebhookReceiver();
  workspace = rig.simulator.createWorkspace();
  rig.simulator.subscribe(workspace.workspace_id, { url: hook.url });
  const contact = (await api('POST', '/contacts', { role: 'lead' })).body;
  const message = await api('POST', '/conversations', { from: { type: 'lead', id: contact.id }, body: 'Hi' });
  conversationId = message.body.conversation_id;
});
afterEach(async () => {
  await rig.close();
  await hook.close();
});

const api = (method: string, path: string, body?: unknown) =>
  rig.request(method, `/intercom${path}`, body, { authorization: `Bearer ${workspace.access_token}` });
const options = (given: object) => rig.simulator.setOptions(workspace.workspace_id, given);
const agent = (reply: object) => rig.simulator.reply(workspace.workspace_id, conversationId, reply);
const comment = () =>
  api('POST', `/conversations/${conversationId}/reply`, {
    message_type: 'comment',
    type: 'admin',
    admin_id: workspace.admins[0]?.id,
    body: 'By API',
  });
const settled = (name: string, attempt: number) =>
  rig.feed.waitFor((event) => event.name === name && event.data['attempt'] === attempt);
const partIds = () =>
  hook.received.map(({ body }) => body.data.item.conversation_parts.conversation_parts[0]?.id as string | undefined);

describe('the signature of an Intercom webhook', () => {
  // printf '%s' '{"topic":"ping"}' | openssl dgst -sha1 -hmac s3cret
  it('is the SHA-1 HMAC that openssl computes', () => {
    expect(signature('{"topic":"ping"}', 's3cret')).toBe('sha1=0f087edef3860120e0ad1df872a5baf0dd64a39b');
  });
});

describe('Intercom webhooks', () => {
  it('contain an agent’s reply in the envelope, with a signature over the sent bytes', async () => {
    const { part_id } = agent({ body: '<p>Hello <b>you</b></p><img src="https://a.example/x.png">' });
    clock.advance(25);
    const [delivery] = await hook.arrived(1);
    const expected = createHmac('sha1', workspace.client_secret)
      .update(delivery?.raw ?? '')
      .digest('hex');
    expect(delivery?.headers['x-hub-signature']).toBe(`sha1=${expected}`);
    expect(delivery?.body).toMatchObject({
      type: 'notification_event',
      app_id: workspace.workspace_id,
      topic: 'conversation.admin.replied',
      id: expect.stringMatching(/^notif_/),
      delivery_attempts: 1,
      delivery_status: 'pending',
      self: null,
      data: {
        type: 'notification_event_data',
        item: {
          type: 'conversation',
          id: conversationId,
          conversation_parts: {
            total_count: 1,
            conversation_parts: [{ id: part_id, part_type: 'comment', body: 'Hello you\n\n[Image]' }],
          },
        },
      },
    });
  });

  it('contain HTML if the app has an older version', async () => {
    options({ webhookVersion: '2.14' });
    agent({ body: 'Hello' });
    clock.advance(25);
    const [delivery] = await hook.arrived(1);
    expect(delivery?.body.data.item.conversation_parts.conversation_parts[0].body).toBe(
      '<p class="no-margin">Hello</p>',
    );
  });

  it('are sent on two topics with one part id for a bot’s reply', async () => {
    const { part_id } = agent({ as: 'fin', body: 'I am a bot' });
    clock.advance(25);
    const deliveries = await hook.arrived(2);
    expect(deliveries.map(({ body }) => body.topic).sort()).toEqual([
      'conversation.admin.replied',
      'conversation.operator.replied',
    ]);
    expect(partIds()).toEqual([part_id, part_id]);
    expect(deliveries[0]?.body.data.item.conversation_parts.conversation_parts[0].author).toMatchObject({
      type: 'bot',
      from_ai_agent: true,
      is_ai_answer: true,
    });
  });

  it('are not sent for topics without a subscription', async () => {
    agent({ kind: 'note', body: 'internal' });
    agent({ kind: 'close', body: 'Bye' });
    clock.advance(25);
    const [delivery] = await hook.arrived(1);
    expect(delivery?.body.topic).toBe('conversation.admin.closed');
  });
});

describe('Intercom webhooks about API calls', () => {
  it('are sent after the answer to the call', async () => {
    const answered = await comment();
    expect(hook.received).toHaveLength(0);
    clock.advance(25);
    await hook.arrived(1);
    expect(partIds()).toEqual([answered.body.conversation_parts.conversation_parts[0].id]);
  });

  it('can arrive before the answer to the call', async () => {
    options({ echo: 'before' });
    await comment();
    expect(hook.received).toHaveLength(1);
  });

  it('can arrive twice under one notification id, or never', async () => {
    options({ echo: 'twice' });
    await comment();
    clock.advance(25);
    const deliveries = await hook.arrived(2);
    expect(deliveries[0]?.body.id).toBe(deliveries[1]?.body.id);
    options({ echo: 'never' });
    await comment();
    agent({ body: 'after it' });
    clock.advance(25);
    expect((await hook.arrived(3))[2]?.body.data.item.conversation_parts.conversation_parts[0].body).toBe('after it');
  });

  it('contain the app_package_code that the workspace sets for parts of the API', async () => {
    options({ appPackageCode: 'my-app' });
    expect((await comment()).body.conversation_parts.conversation_parts[0].app_package_code).toBe('my-app');
    agent({ body: 'by hand' });
    expect(
      (await api('GET', `/conversations/${conversationId}`)).body.conversation_parts.conversation_parts[1]
        .app_package_code,
    ).toBeNull();
  });
});

describe('the deliveries of Intercom webhooks', () => {
  it('are retried once after a minute and then lost', async () => {
    hook.answerNext(500, 503);
    agent({ body: 'one' });
    clock.advance(25);
    await settled('webhook.failed', 1);
    clock.advance(59_999);
    expect(hook.received).toHaveLength(1);
    clock.advance(1);
    await settled('webhook.lost', 2);
    expect(hook.received.map(({ body }) => body.delivery_attempts)).toEqual([1, 2]);
    clock.advance(3_600_000);
    expect(hook.received).toHaveLength(2);
    expect(rig.simulator.deliveries(workspace.workspace_id)).toMatchObject([
      { state: 'lost', attempts: 2, status: 503 },
    ]);
  });

  it('end after a 410', async () => {
    hook.answerNext(410);
    agent({ body: 'one' });
    clock.advance(25);
    await settled('webhook.failed', 1);
    agent({ body: 'two' });
    clock.advance(120_000);
    expect(hook.received).toHaveLength(1);
  });

  it('are retried after a 429', async () => {
    hook.answerNext(429, 429);
    agent({ body: 'one' });
    clock.advance(25);
    await settled('webhook.failed', 1);
    clock.advance(60_000);
    await settled('webhook.failed', 2);
    clock.advance(60_000);
    await settled('webhook.delivered', 3);
  });

  it('keep their order unless webhookJitterMs is set', async () => {
    const ordered = ['1', '2', '3', '4'].map((body) => agent({ body }).part_id);
    clock.advance(25);
    await hook.arrived(4);
    expect(partIds()).toEqual(ordered);
    options({ webhookJitterMs: 10_000 });
    const loose = Array.from({ length: 8 }, (_, index) => agent({ body: `${index}` }).part_id);
    clock.advance(10_025);
    await hook.arrived(12);
    expect(partIds().slice(4).sort()).toEqual(loose.sort());
  });

  it('report deleted conversations and redacted parts', async () => {
    const { part_id } = agent({ body: 'secret' });
    await api('POST', '/conversations/redact', {
      type: 'conversation_part',
      conversation_id: conversationId,
      conversation_part_id: part_id,
    });
    rig.simulator.deleteConversation(workspace.workspace_id, conversationId);
    clock.advance(25);
    const deliveries = await hook.arrived(3);
    expect(deliveries.map(({ body }) => body.topic)).toEqual([
      'conversation.admin.replied',
      'conversation_part.redacted',
      'conversation.deleted',
    ]);
  });
});
