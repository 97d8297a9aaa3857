import { createHmac } from 'node:crypto';
import { type OperationSpec, operations } from '@chatferry/contract';
import { connectThroughApi } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { openDesk } from './desk.ts';
import { eventually } from './eventually.ts';
import { startRecordedRig } from './recorded-rig.ts';
import { bodiesOf } from './request-samples.ts';

const { rig, secretOf } = await startRecordedRig();
const { telegram, intercom, hubspot } = rig.sandbox;

const hole = 'the place of the deep value';

/** JSON with a value of `levels` levels in each hole. It is put together as text, because no serialiser goes that deep. */
const filled = (body: unknown, levels: number): string =>
  JSON.stringify(body).replaceAll(JSON.stringify(hole), `${'['.repeat(levels)}${']'.repeat(levels)}`);

/** The copies of the value in which one place is the hole, also a place that the API does not know. */
function withHole(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return [hole, ...value.flatMap((inner, at) => withHole(inner).map((one) => value.with(at, one)))];
  }
  if (typeof value !== 'object' || value === null) return [hole];
  const inside = Object.entries(value).flatMap(([name, inner]) =>
    withHole(inner).map((one) => ({ ...value, [name]: one })),
  );
  return [hole, { ...value, unknown_field: hole }, ...inside];
}

const everySpec: readonly OperationSpec[] = Object.values(operations);
const specs = everySpec.filter(({ body }) => body !== undefined);

/** Ids of the right form. The body is checked before anything is looked up. */
const ids: Readonly<Record<string, string>> = {
  workspace_id: 'wsp_0',
  channel_id: 'chn_0',
  key_id: 'key_0',
  message_id: '1',
  person_id: 'per_0',
  connection_id: 'con_0',
  dead_letter_id: 'ddl_0',
  token_id: 'tok_0',
  session_id: 'ses_0',
  endpoint_id: 'whe_0',
  chat_id: '1',
};
const pathOf = ({ path }: OperationSpec): string =>
  path.replaceAll(/\{([a-z_]+)\}/g, (_whole, name: string) => ids[name] ?? '');

const examplesOf = ({ examples }: OperationSpec): readonly unknown[] =>
  Object.values(examples ?? {}).map(({ value }) => value);

const keyOf = (key: string) => ({ 'x-octopods-auth': key });

/** They answer with what is wrong. */
const validations: readonly string[] = ['validateTelegramInteractive', 'validateMessage'];

describe('JSON that is nested too deeply', () => {
  it.each(specs.map((spec) => [spec.id, spec] as const))('is refused by %s wherever it is', async (id, spec) => {
    const { bot } = await openDesk(rig, 'intercom');
    const headers = { 'content-type': 'application/json', ...(spec.auth === 'key' ? keyOf(bot.key) : {}) };
    const samples = [...examplesOf(spec), ...bodiesOf(spec, (name) => name).slice(0, 3)];
    const bodies = new Set(samples.flatMap(withHole).flatMap((body) => [filled(body, 17), filled(body, 5_000)]));
    expect(bodies.size).toBeGreaterThan(0);
    for (const raw of bodies) {
      const { status, body } = await rig.admin(pathOf(spec), { method: spec.method, raw, headers });
      const told = validations.includes(id) ? body.valid : body.error_code;
      const shown = raw.slice(0, 500);
      expect([shown, status, told]).toEqual([shown, ...(validations.includes(id) ? [200, false] : [400, 4])]);
      expect(JSON.stringify(body)).toContain('must not be nested deeper than 16 levels.');
    }
  });
});

/** Posts a call with a deep value in place of the hole, and gives the status of the answer. */
async function post(path: string, call: unknown, headersOf: (body: string) => Readonly<Record<string, string>>) {
  const body = filled(call, 100_000);
  const headers = { 'content-type': 'application/json', ...headersOf(body) };
  return (await fetch(`${rig.url}${path}`, { method: 'POST', body, headers })).status;
}

describe('a webhook call with a value that is nested thousands of levels deep', () => {
  it('of Telegram brings the message, without that value', async () => {
    const desk = await openDesk(rig, 'intercom', { updates: 'webhook' });
    const { at } = desk.customer();
    await desk.reads(started);
    const { chat, user } = telegram.transcript(at);
    const answer = await fetch(`${rig.sandbox.url}/telegram/bot${desk.bot.token}/getWebhookInfo`);
    const { pathname } = new URL(((await answer.json()) as { readonly result: { readonly url: string } }).result.url);
    const secret = { 'x-telegram-bot-api-secret-token': secretOf(pathname) };
    const message = { message_id: 900, date: 1_790_000_000, chat, from: user, text: 'Deep\u0000 down' };
    const calls = [
      { update_id: 900_000, message: { ...message, of_next_year: hole } },
      { update_id: 900_001, message: { ...message, message_id: 901, rich_message: hole, text: 'Deeper' } },
      { update_id: 900_002, message: { ...message, message_id: 902, text: 'Deepest', entities: hole } },
      {
        update_id: 900_003,
        callback_query: { id: '1', from: user, data: 'y', message: { ...message, reply_markup: hole } },
      },
      { update_id: 900_004, message: hole },
      hole,
    ];
    for (const call of calls) expect(await post(pathname, call, () => secret)).toBe(200);
    telegram.text(at, { text: 'And up' });
    const tap = 'customer: ⁂ > Deep down | ⁂ (tapped a button whose label is not known)';
    const texts = ['Deep down', 'Deeper', 'Deepest'].map((text) => `customer: ${text}`);
    await desk.reads(started, ...texts, tap, 'customer: And up');
  });

  it('of Intercom brings the reply, without that value', async () => {
    const made = telegram.createBot({});
    const { access_token, client_secret, workspace_id, admins } = intercom.createWorkspace({});
    const inbox = { kind: 'intercom', access_token, client_secret };
    const bot = await connectThroughApi(rig, made, { inbox, updates: 'polling' });
    const { chat_id } = telegram.createChat({ bot_id: made.id, user: { first_name: 'Grace' } });
    const conversationId = await eventually(() => firstOf(intercom.conversations(workspace_id)).id);
    const { body } = await rig.admin(`/api/v1/workspaces/${bot.workspaceId}`);
    const { pathname } = new URL(body.webhook_url);
    const part = {
      id: '77',
      part_type: 'comment',
      created_at: 1_790_000_000,
      author: { type: 'admin', id: firstOf(admins).id },
    };
    const tell = (id: string, change: object) => ({
      type: 'notification_event',
      topic: 'conversation.admin.replied',
      id,
      data: { item: { type: 'conversation', id: conversationId, ...change } },
    });
    const parts = { conversation_parts: [{ ...part, body: '<p>Deep</p>', metadata: hole }] };
    const calls = [
      tell('n1', { conversation_parts: parts }),
      tell('n2', { conversation_parts: hole }),
      { ...tell('n3', {}), data: hole },
      hole,
    ];
    const signed = (text: string) => ({
      'x-hub-signature': `sha1=${createHmac('sha1', client_secret).update(text).digest('hex')}`,
    });
    for (const call of calls) expect(await post(pathname, call, signed)).toBe(200);
    intercom.subscribe(workspace_id, { url: body.webhook_url });
    intercom.reply(workspace_id, conversationId, { body: '<p>And up</p>' });
    await eventually(() => expect(sentTo({ bot_id: made.id, chat_id })).toEqual(['Deep', 'And up']));
  });

  it('of HubSpot brings the reply, without that value', async () => {
    const made = telegram.createBot({});
    const portal = hubspot.createPortal({ users: [{ name: 'Ada', email: 'ada@acme.test' }] });
    const { client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id, portal_id } = portal;
    const inbox = { kind: 'hubspot', client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id };
    const bot = await connectThroughApi(rig, made, { inbox, updates: 'polling' });
    const { chat_id } = telegram.createChat({ bot_id: made.id, user: { first_name: 'Grace' } });
    const threadId = await eventually(() => firstOf(hubspot.threads(portal_id)).id);
    const { body } = await rig.admin(`/api/v1/workspaces/${bot.workspaceId}`);
    const signed = (text: string) => {
      const timestamp = String(Date.now());
      const signature = createHmac('sha256', client_secret).update(`POST${body.webhook_url}${text}${timestamp}`);
      return {
        'x-hubspot-signature-v3': signature.digest('base64'),
        'x-hubspot-request-timestamp': timestamp,
      };
    };
    const message = {
      id: '77',
      type: 'MESSAGE',
      direction: 'OUTGOING',
      conversationsThreadId: threadId,
      senders: [{ actorId: `A-${firstOf(portal.users).id}` }],
      text: 'Deep',
    };
    const event = { type: 'OUTGOING_CHANNEL_MESSAGE_CREATED', portalId: portal_id };
    const calls = [
      { ...event, eventId: 'e1', message: { ...message, attachments: hole } },
      { ...event, eventId: 'e2', message: hole },
      [{ ...event, eventId: 'e3', of_next_year: hole }],
      hole,
    ];
    const { pathname } = new URL(body.webhook_url);
    const statuses = [];
    for (const call of calls) statuses.push(await post(pathname, call, signed));
    // The last one names no portal.
    expect(statuses).toEqual([200, 200, 200, 401]);
    hubspot.reply(portal_id, threadId, { text: 'And up', rich_text: '<p>And up</p>' });
    await eventually(() => expect(sentTo({ bot_id: made.id, chat_id })).toEqual(['Deep', 'And up']));
  });
});

const started = 'customer: ⁂ (started the bot)';

const sentTo = (at: { readonly bot_id: number; readonly chat_id: number }) => telegram.sent(at).map(({ text }) => text);

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('there is none yet');
  return first;
}
