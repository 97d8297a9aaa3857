import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, connect, opaque } from '../testing/hubspot-rig.ts';
import type { Answered } from '../testing/inbox-rig.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';
import { signatureV3 } from './webhooks.ts';

let hook: WebhookReceiver;
let hub: Connected;
beforeEach(async () => {
  hook = await startWebhookReceiver();
  hub = await connect(hook.url);
  hub.clock.advance(25);
  await hook.arrived(1);
});
afterEach(async () => {
  await hub.close();
  await hook.close();
});

const refusal = ({ status, body }: Answered) => [status, body.category];
const options = (given: object) => hub.rig.simulator.setOptions(hub.portal.portal_id, given);
const userId = () => hub.portal.users[0]?.id ?? '';
const outgoing = (fields: object = {}) =>
  hub.publish({
    messageDirection: 'OUTGOING',
    text: 'Shipped',
    senders: [{ name: '@mybot', senderActorId: `A-${userId()}`, deliveryIdentifier: opaque('tgbot:99') }],
    recipients: [{ name: 'Ada', deliveryIdentifier: opaque('tg:42') }],
    ...fields,
  });
const transcript = (threadId: string) => hub.rig.simulator.transcript(hub.portal.portal_id, threadId);
const agent = (threadId: string, reply: object) => hub.rig.simulator.reply(hub.portal.portal_id, threadId, reply);
const messagesPath = () => `/conversations/custom-channels/2026-03/${hub.channelId}/messages`;

describe('publishing to a HubSpot channel', () => {
  it.each([
    ...['attachments', 'channelAccountId', 'messageDirection', 'recipients', 'senders', 'text', 'timestamp'].map(
      (name): [string, object] => [`no ${name}`, { [name]: undefined }],
    ),
    ['another direction', { messageDirection: 'UP' }],
    ['a time that is no ISO date', { timestamp: '22.11.2026' }],
    ['a numeric account', { channelAccountId: 456 }],
    ['an empty text', { text: '' }],
    ['no thread key', { integrationThreadId: undefined }],
    ['a sender without an identifier', { senders: [{ name: 'Ada' }] }],
    ['an empty list of senders', { senders: [] }],
    ['another kind of identifier', { senders: [{ deliveryIdentifier: { type: 'HS_PHONE_NUMBER', value: '1' } }] }],
    ['an actor that does not exist', { senders: [{ senderActorId: 'A-1', deliveryIdentifier: opaque('tg:42') }] }],
    ['a user id without its prefix', { senders: [{ senderActorId: '1', deliveryIdentifier: opaque('tg:42') }] }],
    ['a contact that does not exist', { associateWithContactId: 5 }],
    ['an unknown kind of attachment', { attachments: [{ type: 'PHOTO' }] }],
    ['a file that was never uploaded', { attachments: [{ type: 'FILE', fileId: '5', fileUsageType: 'IMAGE' }] }],
    ['a place without coordinates', { attachments: [{ type: 'LOCATION', name: 'x' }] }],
    ['a contact card without its lists', { attachments: [{ type: 'CONTACT', contactProfile: {} }] }],
    [
      'a quick reply of an unknown kind',
      { attachments: [{ type: 'QUICK_REPLIES', quickReplies: [{ value: 'x', valueType: 'TAP' }] }] },
    ],
  ] satisfies [string, object][])('refuses a message with %s', async (_what, fields) => {
    const answered = await hub.publish(fields);
    expect(refusal(answered)).toEqual([400, 'VALIDATION_ERROR']);
    expect(hub.rig.simulator.threads(hub.portal.portal_id)).toEqual([]);
  });

  it('lists all missing required fields', async () => {
    const answered = await hub.publish({ text: undefined, senders: undefined });
    expect(answered.body.message).toContain('[senders, text]');
  });

  it('answers 404 for channels and accounts that do not exist', async () => {
    expect((await hub.publish({ channelAccountId: '1' })).status).toBe(404);
    expect((await hub.api('POST', '/conversations/custom-channels/2026-03/99/messages', {})).status).toBe(404);
    expect((await hub.api('POST', '/conversations/custom-channels/2026-03/x/messages', {})).status).toBe(400);
  });
});

describe('a message published to a HubSpot channel', () => {
  it('opens a thread by its integrationThreadId, which later messages join', async () => {
    const first = await hub.publish();
    expect(first).toMatchObject({
      status: 201,
      body: {
        type: 'MESSAGE',
        direction: 'INCOMING',
        text: 'Hi',
        channelId: hub.channelId,
        channelAccountId: hub.accountId,
        client: { clientType: 'INTEGRATION', integrationAppId: Number(hub.portal.app_id) },
        truncationStatus: 'NOT_TRUNCATED',
        status: { statusType: 'RECEIVED' },
      },
    });
    expect(first.body.senders[0].actorId).toMatch(/^V-\d+$/);
    const second = await outgoing();
    expect(second.body.conversationsThreadId).toBe(first.body.conversationsThreadId);
    expect(second.body.senders[0].actorId).toBe(`A-${userId()}`);
    const other = await hub.publish({ integrationThreadId: 'tg:99:42:2' });
    expect(other.body.conversationsThreadId).not.toBe(first.body.conversationsThreadId);
    const { entries } = transcript(first.body.conversationsThreadId);
    expect(entries.map(({ direction, sender, text }) => [direction, sender.name, text])).toEqual([
      ['INCOMING', 'Ada', 'Hi'],
      ['OUTGOING', 'Ana Ruiz', 'Shipped'],
    ]);
  });

  it('is returned again for a repeated idempotency id', async () => {
    const first = await hub.publish({ integrationIdempotencyId: 'tg:99:42:7' });
    const again = await hub.publish({ integrationIdempotencyId: 'tg:99:42:7', text: 'other' });
    expect([again.status, again.body.id, again.body.text]).toEqual([201, first.body.id, 'Hi']);
    expect(transcript(first.body.conversationsThreadId).entries).toHaveLength(1);
    await hub.publish();
    await hub.publish();
    expect(transcript(first.body.conversationsThreadId).entries).toHaveLength(3);
  });

  it('can be repeated with its idempotency id when the answer was lost', async () => {
    hub.rig.faults.inject({
      provider: 'hubspot',
      operation: 'POST /conversations/custom-channels/{version}/{channelId}/messages',
      subject: 'tg:99:42',
      times: 1,
      effect: { kind: 'reset-after' },
    });
    await expect(hub.publish({ integrationIdempotencyId: 'a' })).rejects.toThrow();
    const again = await hub.publish({ integrationIdempotencyId: 'a' });
    expect(transcript(again.body.conversationsThreadId).entries).toHaveLength(1);
  });

  it('reopens a closed thread if it is from the customer, but not if it is from the business', async () => {
    const threadId = (await hub.publish()).body.conversationsThreadId;
    agent(threadId, { kind: 'close' });
    await outgoing();
    expect(transcript(threadId).status).toBe('CLOSED');
    await hub.publish();
    expect(transcript(threadId).status).toBe('OPEN');
  });

  it('cannot open a thread for the business if outgoingOpensThread is false', async () => {
    options({ outgoingOpensThread: false });
    expect(refusal(await outgoing())).toEqual([400, 'VALIDATION_ERROR']);
    options({ outgoingOpensThread: true });
    expect((await outgoing()).status).toBe(201);
  });
});

describe('a HubSpot thread', () => {
  it('shows its contact and its files', async () => {
    const contact = (await hub.api('POST', '/crm/objects/2026-03/contacts', { properties: { firstname: 'Ada' } })).body;
    const form = new FormData();
    form.set('file', new Blob(['%PDF'], { type: 'application/pdf' }), 'a.pdf');
    form.set('folderPath', '/telegram');
    form.set('options', JSON.stringify({ access: 'PRIVATE' }));
    const file = (await hub.api('POST', '/files/2026-03/files', form)).body;
    expect(file).toMatchObject({ name: 'a', extension: 'pdf', size: 4, access: 'PRIVATE' });
    const attachment = { type: 'FILE', fileId: file.id, fileUsageType: 'OTHER' };
    const published = await hub.publish({ associateWithContactId: Number(contact.id), attachments: [attachment] });
    expect(transcript(published.body.conversationsThreadId)).toMatchObject({
      contact: { id: contact.id, properties: { firstname: 'Ada' } },
      entries: [{ attachments: [{ type: 'FILE', name: 'a.pdf', content_type: 'application/pdf' }] }],
    });
    expect((await fetch(file.url)).status).toBe(403);
    const signed = (await hub.api('GET', `/files/2026-03/files/${file.id}/signed-url`)).body;
    expect(await (await fetch(signed.url)).text()).toBe('%PDF');
    expect(refusal(await hub.publish({ attachments: [attachment, attachment, attachment] }))).toEqual([
      400,
      'VALIDATION_ERROR',
    ]);
    expect(refusal(await hub.api('POST', '/files/2026-03/files', { file: 'x' }))[0]).toBe(415);
  });

  it('keeps its status until the app reports another one, and shows whether it has', async () => {
    const { id, conversationsThreadId } = (await outgoing()).body;
    const shown = () => transcript(conversationsThreadId).entries[0];
    expect(shown()).toMatchObject({ status: 'SENT', reported_status: null });
    hub.rig.simulator.reply(hub.portal.portal_id, conversationsThreadId, { text: 'Anything new?' });
    expect(shown()).toMatchObject({ status: 'SENT', reported_status: null });
    await hub.api('PATCH', `${messagesPath()}/${id}`, { statusType: 'SENT' });
    expect(shown()).toMatchObject({ status: 'SENT', reported_status: 'SENT' });
  });

  it('shows the agent the reason of a FAILED status', async () => {
    const { id, conversationsThreadId } = (await outgoing()).body;
    const patch = (body: object) => hub.api('PATCH', `${messagesPath()}/${id}`, body);
    expect(refusal(await patch({ statusType: 'DELIVERED' }))).toEqual([400, 'VALIDATION_ERROR']);
    expect((await patch({ statusType: 'FAILED', errorMessage: 'bot was blocked by the user' })).body.status).toEqual({
      statusType: 'FAILED',
      failureDetails: { errorMessage: 'bot was blocked by the user', errorMessageTokens: {} },
    });
    expect(transcript(conversationsThreadId).entries[0]).toMatchObject({
      status: 'FAILED',
      failure: 'bot was blocked by the user',
    });
  });
});

describe('HubSpot threads', () => {
  it('accept comments, which cause no event, and list messages newest first', async () => {
    const threadId = (await hub.publish()).body.conversationsThreadId;
    const path = `/conversations/conversations/2026-09/threads/${threadId}`;
    expect(refusal(await hub.api('POST', `${path}/messages`, { type: 'COMMENT', text: 'x' }))).toEqual([
      400,
      'VALIDATION_ERROR',
    ]);
    await hub.api('POST', `${path}/messages`, { type: 'COMMENT', text: 'internal', attachments: [] });
    const { results } = (await hub.api('GET', `${path}/messages`)).body;
    expect(results.map((one: { type: string; text: string }) => [one.type, one.text])).toEqual([
      ['COMMENT', 'internal'],
      ['MESSAGE', 'Hi'],
    ]);
    expect((await hub.api('PATCH', path, { status: 'CLOSED' })).body.status).toBe('CLOSED');
    expect(
      (await hub.api('GET', '/conversations/conversations/2026-09/threads?threadStatus=OPEN')).body.results,
    ).toEqual([]);
    hub.clock.advance(25);
    expect(hook.received).toHaveLength(1);
  });
});

describe('HubSpot’s signature v3', () => {
  // printf '%s' 'POSThttps://gw.example/hook?u=https://a.b/c{"a":1}1795000000000' | openssl dgst -sha256 -hmac s3cret -binary | base64
  it('is the HMAC that openssl computes, over the address with its reserved characters decoded', () => {
    const signed = {
      method: 'POST',
      url: 'https://gw.example/hook?u=https%3A%2F%2Fa.b%2Fc',
      body: '{"a":1}',
      timestampMs: 1795000000000,
    };
    expect(signatureV3('s3cret', signed)).toBe('qKT3DwxAnFN646svMPJ4gLmNCT8jGKwpq+89UB40pMs=');
  });
});

describe('HubSpot events', () => {
  it('report a new account, with a signature', async () => {
    const [created] = hook.received;
    expect(created?.body).toMatchObject({
      type: 'CHANNEL_ACCOUNT_CREATED',
      portalId: hub.portal.portal_id,
      channelId: hub.channelId,
      channelAccountId: hub.accountId,
      channelAccountDeliveryIdentifier: opaque('tgbot:99'),
      authorized: true,
    });
    const timestamp = String(created?.headers['x-hubspot-request-timestamp']);
    const expected = createHmac('sha256', hub.portal.client_secret)
      .update(`POST${hook.url}${created?.raw}${timestamp}`)
      .digest('base64');
    expect(created?.headers['x-hubspot-signature-v3']).toBe(expected);
  });

  it('contain an agent’s reply with the actor, without the name', async () => {
    const threadId = (await hub.publish()).body.conversationsThreadId;
    const { message_id } = agent(threadId, { user_id: userId(), text: 'Hello <you>' });
    hub.clock.advance(25);
    const event = (await hook.arrived(2))[1]?.body;
    expect(event).toMatchObject({
      type: 'OUTGOING_CHANNEL_MESSAGE_CREATED',
      eventId: expect.any(String),
      channelIntegrationThreadIds: ['tg:99:42'],
      message: {
        id: message_id,
        conversationsThreadId: threadId,
        direction: 'OUTGOING',
        text: 'Hello <you>',
        richText: '<p>Hello &lt;you&gt;</p>',
        client: { clientType: 'HUBSPOT' },
        createdBy: `A-${userId()}`,
        recipients: [{ deliveryIdentifier: opaque('tg:42') }],
      },
    });
    expect(event.message.senders).toEqual([{ actorId: `A-${userId()}` }]);
    expect(transcript(threadId).assignee).toBe('Ana Ruiz');
  });

  it('report a message that the integration published, with the integration as the client', async () => {
    const { id } = (await outgoing()).body;
    expect(hook.received).toHaveLength(1);
    hub.clock.advance(25);
    expect((await hook.arrived(2))[1]?.body.message).toMatchObject({
      id,
      client: { clientType: 'INTEGRATION', integrationAppId: Number(hub.portal.app_id) },
    });
  });

  it('can arrive before the answer, twice, or never', async () => {
    options({ echo: 'before' });
    await outgoing();
    expect(hook.received).toHaveLength(2);
    options({ echo: 'twice' });
    await outgoing();
    hub.clock.advance(25);
    const events = await hook.arrived(4);
    expect(events[2]?.body.eventId).toBe(events[3]?.body.eventId);
    options({ echo: 'never' });
    await outgoing();
    hub.clock.advance(25);
    expect(hub.rig.simulator.deliveries(hub.portal.portal_id)).toHaveLength(4);
  });

  it('are retried, each time with a new timestamp', async () => {
    const threadId = (await hub.publish()).body.conversationsThreadId;
    hook.answerNext(503);
    agent(threadId, { text: 'Hello' });
    hub.clock.advance(25);
    await hub.rig.feed.waitFor((event) => event.name === 'webhook.failed');
    hub.clock.advance(60_000);
    const [, first, second] = await hook.arrived(3);
    expect(second?.raw).toBe(first?.raw);
    expect(second?.headers['x-hubspot-signature-v3']).not.toBe(first?.headers['x-hubspot-signature-v3']);
  });

  it('are not sent for messages of the customer', async () => {
    await hub.publish();
    hub.clock.advance(25);
    expect(hook.received).toHaveLength(1);
  });
});

describe('the control routes of the simulated HubSpot', () => {
  const control = (method: string, path: string, body?: unknown) =>
    hub.rig.request(method, `/control/hubspot${path}`, body);

  it('create portals and list them without secrets', async () => {
    const created = await control('POST', '/portals', { name: 'B', users: [{ name: 'Eve', email: 'e@example.com' }] });
    expect(created).toMatchObject({
      status: 201,
      body: { portal_id: expect.any(String), inbox_id: expect.any(String), users: [{ name: 'Eve' }] },
    });
    const seen = JSON.stringify([(await control('GET', '/portals')).body, hub.rig.feed.since(0)]);
    for (const secret of ['client_secret', 'developer_api_key', 'refresh_token'])
      expect(seen).not.toContain(created.body[secret]);
  });

  it('drive a thread', async () => {
    const threadId = (await hub.publish()).body.conversationsThreadId;
    const path = `/portals/${hub.portal.portal_id}/threads/${threadId}`;
    expect((await control('POST', `${path}/reply`, { text: 'Hello' })).body.message_id).toEqual(expect.any(String));
    expect((await control('POST', `${path}/reply`, { kind: 'shout' })).status).toBe(400);
    expect((await control('GET', path)).body.entries).toHaveLength(2);
    expect((await control('GET', `/portals/${hub.portal.portal_id}/threads`)).body).toMatchObject([
      { id: threadId, last_text: 'Hello' },
    ]);
    expect((await control('GET', '/portals/1/threads')).status).toBe(404);
  });
});
