import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '@chatferry/sandbox';
import { afterAll, describe, expect, it } from 'vitest';
import { createTemporaryFolder } from '../processes/temporary-folder.ts';
import { createExchangeCheck } from './exchange-check.ts';
import { violationText } from './violation.ts';

/** A description as HubSpot's are, in a folder as HubSpot's collection has it. */
const folder = createTemporaryFolder('chatferry-descriptions-');
afterAll(folder.remove);

const ownersFolder = join(folder.path, 'PublicApiSpecs', 'CRM', 'Crm Owners', 'Rollouts', '1', '2026-03');
for (const api of ['Auth/Oauth', 'CRM/Contacts', 'CRM/Properties', 'Conversations', 'Files/Files'])
  mkdirSync(join(folder.path, 'PublicApiSpecs', api), { recursive: true });
mkdirSync(ownersFolder, { recursive: true });
writeFileSync(
  join(ownersFolder, 'crmOwners.json'),
  JSON.stringify({
    openapi: '3.0.1',
    info: { version: '2026-03' },
    paths: {
      '/crm/owners/2026-03': {
        get: {
          parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
          responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Owners' } } } } },
        },
      },
    },
    components: {
      schemas: {
        Owners: { type: 'object', required: ['results'], properties: { results: { type: 'array', items: {} } } },
      },
    },
  }),
);

const check = createExchangeCheck({ hubspotFolder: folder.path });

interface Given {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status?: number;
  readonly answer?: unknown;
  readonly version?: string;
  readonly kind?: Exchange['kind'];
}

async function differences(provider: Exchange['provider'], given: Given): Promise<readonly string[]> {
  const { method = 'POST', path, body, status = 200, answer, version = '2.16', kind = 'call' } = given;
  const bytes = (value: unknown) => (value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value)));
  const checked = await check.check({
    provider,
    kind,
    method,
    path,
    headers: { 'content-type': 'application/json', 'intercom-version': version },
    body: bytes(body),
    answer: answer === undefined ? undefined : { status, body: bytes(answer) },
    planted: false,
  });
  return checked.violations.map(violationText);
}

describe('an exchange with Telegram', () => {
  const me = { id: 1, is_bot: true, first_name: 'Shop', username: 'shop_bot' };
  const chat = { id: 42, type: 'private', first_name: 'Ada' };
  const video = { file_id: 'a', file_unique_id: 'b', width: 1, height: 1 };

  it('may be as the Bot API says', async () => {
    const message = { message_id: 1, date: 1, chat, from: me, text: 'Hi' };
    const body = {
      chat_id: '42',
      text: 'Hi',
      reply_markup: { inline_keyboard: [[{ text: 'A', url: 'https://a.b' }]] },
    };
    expect(
      await differences('telegram', { path: '/bot1:a/sendMessage', body, answer: { ok: true, result: message } }),
    ).toEqual([]);
    expect(await differences('telegram', { kind: 'webhook', path: '/', body: { update_id: 1, message } })).toEqual([]);
  });

  it('may have a message that replies to another one', async () => {
    const replied = { message_id: 1, date: 1, chat, from: me, text: 'Hi' };
    const message = { ...replied, message_id: 2, reply_to_message: replied };
    expect(await differences('telegram', { kind: 'webhook', path: '/', body: { update_id: 1, message } })).toEqual([]);
    const nested = { ...message, reply_to_message: message };
    const found = await differences('telegram', {
      kind: 'webhook',
      path: '/',
      body: { update_id: 1, message: nested },
    });
    expect(found.join()).toContain('/message/reply_to_message/reply_to_message must be absent');
  });

  it('is found out when it is of a method that does not exist', async () => {
    expect(await differences('telegram', { path: '/bot1:a/sendPigeon', body: {} })).toEqual([
      'telegram: the request of sendPigeon: the whole is of a method that does not exist (@grammyjs/types 5.0.0, sendPigeon)',
    ]);
  });

  it('is found out when an argument is unknown, wrong or absent, also deep inside', async () => {
    const body = { chat_id: '42', txt: 'Hi', reply_markup: { inline_keyboard: [[{ text: 'A', url: 5 }]] } };
    const found = await differences('telegram', { path: '/bot1:a/sendMessage', body });
    expect(found).toHaveLength(3);
    expect(found[0]).toContain('/text is required and absent');
    expect(found[1]).toContain('/txt is not in the description');
    expect(found[2]).toContain('/reply_markup/inline_keyboard/0/0/url 5 must be string');
  });

  it('is found out when an answer or an update lacks a field', async () => {
    const result = { message_id: 1, date: 1, chat, from: me, video };
    const lack = 'video/duration is required and absent';
    expect(
      (
        await differences('telegram', {
          path: '/bot1:a/sendVideo',
          body: { chat_id: 1, video: 'x' },
          answer: { ok: true, result },
        })
      )[0],
    ).toContain(`/result/${lack}`);
    expect(
      (await differences('telegram', { kind: 'webhook', path: '/', body: { update_id: 1, message: result } }))[0],
    ).toContain(`/message/${lack}`);
  });
});

describe('an exchange with Intercom', () => {
  const search = { path: '/contacts/search', body: { query: { field: 'phone', operator: '=', value: '1' } } };

  it('may be as Intercom says', async () => {
    expect(await differences('intercom', { ...search, answer: { type: 'list', data: [], total_count: 0 } })).toEqual(
      [],
    );
  });

  it('is found out when it is of an operation, a method or a version that does not exist', async () => {
    const gone = 'the whole is of an operation that does not exist';
    expect((await differences('intercom', { path: '/pigeons', body: {} }))[0]).toContain(`POST /pigeons: ${gone}`);
    expect((await differences('intercom', { method: 'PATCH', path: '/contacts/1', body: {} }))[0]).toContain(gone);
    expect((await differences('intercom', { ...search, version: '2.99' }))[0]).toContain('2.99 is not the version');
  });

  it('is found out when a request has an unknown field, or a body where there is none', async () => {
    const reply = { message_type: 'comment', type: 'admin', admin_id: '1', body: 'Hi', colour: 'red' };
    expect(await differences('intercom', { path: '/conversations/1/reply', body: reply })).toEqual([
      "intercom: the request of POST /conversations/{conversation_id}/reply: /colour is not in the description (Intercom's OpenAPI description 2.16)",
    ]);
    expect((await differences('intercom', { path: '/contacts/1/archive', body: {} }))[0]).toContain('has no body');
  });

  it('is found out when a field of an answer or a notification has the wrong type', async () => {
    const answer = { type: 'list', data: [{ type: 'contact', id: 7 }] };
    expect((await differences('intercom', { ...search, answer }))[0]).toContain('/data/0/id 7 must be string');
    const item = { type: 'conversation', id: 7 };
    const body = { topic: 'conversation.admin.replied', data: { type: 'notification_event_data', item } };
    const found = await differences('intercom', { kind: 'webhook', path: '/', body });
    expect(found.join('\n')).toContain('/data/item/id 7 must be string');
    expect(found.join('\n')).toContain('/app_id is required and absent');
  });

  it('may be refused with an error that the operation does not name, in the form of all errors', async () => {
    const refusal = (errors: unknown) => ({ ...search, status: 429, answer: { type: 'error.list', errors } });
    expect(await differences('intercom', refusal([{ code: 'rate_limit_exceeded' }]))).toEqual([]);
    expect((await differences('intercom', refusal([{}])))[0]).toContain('/errors/0/code is required and absent');
  });
});

describe('an exchange with HubSpot', () => {
  it('may be as HubSpot says', async () => {
    const path = '/crm/owners/2026-03?limit=5';
    expect(await differences('hubspot', { method: 'GET', path, answer: { results: [] } })).toEqual([]);
  });

  it('is found out when it is of a version that the API does not have', async () => {
    expect(await differences('hubspot', { method: 'GET', path: '/crm/owners/2026-04' })).toEqual([
      "hubspot: the request of GET /crm/owners/2026-04: the whole is of an API or a version that does not exist (HubSpot's descriptions)",
    ]);
  });

  it('is found out when the query or the answer differs', async () => {
    const path = '/crm/owners/2026-03?limit=all&colour=red';
    const found = await differences('hubspot', { method: 'GET', path, answer: {} });
    expect(found).toHaveLength(3);
    expect(found[0]).toContain('/colour is not in the description');
    expect(found[1]).toContain('/limit "all" must be integer');
    expect(found[2]).toContain('/results is required and absent');
  });

  it('is found out when an event differs, also without the descriptions', async () => {
    const body = { type: 'CHANNEL_ACCOUNT_CREATED', portalId: 5 };
    const found = await differences('hubspot', { kind: 'webhook', path: '/', body });
    expect(found.join('\n')).toContain('/portalId 5 must be string');
    expect(found.join('\n')).toContain('/channelAccountId is required and absent');
  });
});
