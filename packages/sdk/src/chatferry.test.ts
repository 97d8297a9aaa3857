import type { ErrorBody as ContractErrorBody, OperationId as ContractOperationId, Output } from '@chatferry/contract';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Chatferry, type OperationId, type Result } from './chatferry.js';
import { connect } from './connect.js';
import { ConfigurationError } from './errors.js';
import { operations } from './operations.gen.js';
import type { AnyResource } from './resource.js';
import { channels, resources } from './resources.gen.js';
import { closeServersAfterEach, connectTo, json, message, requestId, sent, serve } from './testing/gateway-double.js';
import type { ErrorBody } from './types.gen.js';

closeServersAfterEach();

describe('a call of the client', () => {
  it('sends the request of the operation and returns the answer', async () => {
    const { baseUrl, seen } = await serve(json(201, sent));
    const { cf } = connectTo(`${baseUrl}/`, { userAgent: 'shop/2' });
    expect(await cf.telegram.sendInteractive(message, { strict: true })).toEqual(sent);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/v1/telegram/interactive' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(message);
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer cf_key',
      'content-type': 'application/json',
      prefer: 'handling=strict',
    });
    expect(seen[0]?.headers['user-agent']).toMatch(/^shop\/2 chatferry-sdk\/\d/);
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('distributes its arguments over the path, the query and the body', async () => {
    const { baseUrl, seen } = await serve(json(200, { data: [], next_cursor: null }));
    const { cf } = connectTo(baseUrl, { adminToken: 'operator' });
    await cf.channels.update('chn_a/b', { state: 'disabled' });
    await cf.messages.list({ limit: 5, state: 'unknown', cursor: undefined }).page();
    await cf.connections.get('con_1', { wait_seconds: 3 });
    await cf.health.get();
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PATCH', '/api/v1/channels/chn_a%2Fb', '{"state":"disabled"}'],
      ['GET', '/api/v1/messages?limit=5&state=unknown', ''],
      ['GET', '/api/v1/connections/con_1?wait_seconds=3', ''],
      ['GET', '/healthz', ''],
    ]);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer operator',
      'Bearer cf_key',
      'Bearer operator',
      undefined,
    ]);
  });

  it('by the id of its operation takes all fields in one object', async () => {
    const { baseUrl, seen } = await serve(json(200, {}));
    const { cf } = connectTo(baseUrl, { adminToken: 'operator' });
    await cf.request('updateChannel', { channel_id: 'chn_1', state: 'disabled' });
    await cf.request('getHealth');
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PATCH', '/api/v1/channels/chn_1', '{"state":"disabled"}'],
      ['GET', '/healthz', ''],
    ]);
  });

  it('returns undefined for 204', async () => {
    const { baseUrl } = await serve((response) => response.writeHead(204).end());
    const { cf } = connectTo(baseUrl, { adminToken: 'operator' });
    expect(await cf.keys.delete('key_1')).toBeUndefined();
  });

  it('shows the answer on demand, with one request for both', async () => {
    const { baseUrl, seen } = await serve(json(201, sent, { 'RateLimit-Remaining': '7' }));
    const call = connectTo(baseUrl).cf.telegram.sendInteractive(message);
    const shown = await call.withResponse();
    expect(shown).toMatchObject({ data: sent, status: 201, requestId, attempts: 1 });
    expect(shown.headers.get('ratelimit-remaining')).toBe('7');
    expect(await call).toEqual(sent);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['without the needed key', (cf: Chatferry) => cf.telegram.sendInteractive(message), 'needs key'],
    ['without the needed token', (cf: Chatferry) => cf.keys.list().page(), 'needs adminToken'],
    ['without a part of the path', (cf: Chatferry) => cf.messages.get(''), 'getMessage needs message_id'],
    [
      'with an idempotency key that no header can have',
      (cf: Chatferry) => cf.telegram.sendInteractive(message, { idempotencyKey: 'a b' }),
      'idempotencyKey must have',
    ],
  ])('%s fails before any request', async (_, call, sentence) => {
    const key = sentence.startsWith('needs') ? undefined : 'cf_key';
    const { cf } = connectTo('http://127.0.0.1:9', { key });
    await expect(call(cf)).rejects.toBeInstanceOf(ConfigurationError);
    await expect(call(cf)).rejects.toThrow(sentence);
  });
});

describe('a list', () => {
  const pages = () =>
    serve(
      json(200, { data: [{ id: 1 }, { id: 2 }], next_cursor: 'c2' }),
      json(200, { data: [{ id: 3 }], next_cursor: null }),
    );

  it('goes through the entries of all pages, and asks for a page only when it is needed', async () => {
    const { baseUrl, seen } = await pages();
    const { cf } = connectTo(baseUrl);
    const ids: unknown[] = [];
    for await (const one of cf.messages.list({ chat_id: '7' })) {
      ids.push(one.id);
      if (ids.length === 2) expect(seen).toHaveLength(1);
    }
    expect(ids).toEqual([1, 2, 3]);
    expect(seen.map(({ url }) => url)).toEqual(['/api/v1/messages?chat_id=7', '/api/v1/messages?chat_id=7&cursor=c2']);
  });

  it('of the event log continues after the last event while there is more', async () => {
    const { baseUrl, seen } = await serve(
      json(200, { data: [{ id: 'evt_1' }], next_after: 'evt_1', has_more: true }),
      json(200, { data: [], next_after: 'evt_5', has_more: true }),
      json(200, { data: [{ id: 'evt_6' }], next_after: 'evt_6', has_more: false }),
    );
    const ids: string[] = [];
    for await (const { id } of connectTo(baseUrl).cf.events.list({ types: 'message.sent' })) ids.push(id);
    expect(ids).toEqual(['evt_1', 'evt_6']);
    expect(seen.map(({ url }) => url)).toEqual([
      '/api/v1/events?types=message.sent',
      '/api/v1/events?types=message.sent&after=evt_1',
      '/api/v1/events?types=message.sent&after=evt_5',
    ]);
  });

  it('gives one page on demand, with the cursor of the next', async () => {
    const { baseUrl, seen } = await pages();
    const { cf } = connectTo(baseUrl);
    const page = await cf.messages.list().page();
    expect(page.next_cursor).toBe('c2');
    await cf.messages.list({ cursor: 'c2' }).page();
    expect(seen.at(-1)?.url).toBe('/api/v1/messages?cursor=c2');
  });
});

describe('the options of a client', () => {
  it.each([
    ['chat.example.com', 'Write it as https://chat.example.com or http://chat.example.com'],
    ['localhost:8080', 'Write it as https://localhost:8080 or http://localhost:8080'],
    ['', 'must be an http or https URL'],
    ['http://', 'must be an http or https URL'],
    ['ftp://chat.example.com', 'must be an http or https URL'],
    ['https://key:secret@chat.example.com', 'must not have a user name'],
    ['https://chat.example.com/?key=1', 'must end before'],
  ])('with the address “%s” are refused at once', (baseUrl, sentence) => {
    expect(() => new Chatferry({ key: 'cf_key', baseUrl })).toThrow(ConfigurationError);
    expect(() => new Chatferry({ key: 'cf_key', baseUrl })).toThrow(sentence);
  });

  it('without an address are refused', () => {
    expect(() => new Chatferry({ key: 'cf_key' })).toThrow('set CHATFERRY_URL');
  });

  it('with a key that has a line break are refused, without the key', () => {
    const make = () => new Chatferry({ key: 'cf_live_secret\n', baseUrl: 'http://127.0.0.1:9' });
    expect(make).toThrow('key must have visible ASCII');
    expect(make).not.toThrow('cf_live_secret');
  });
});

describe('a client of chosen resources', () => {
  it('has these and no others', async () => {
    const { baseUrl, seen } = await serve(json(200, { id: 'chn_1' }));
    const cf = connect({ baseUrl, key: 'cf_key' }, { channels });
    expect((await cf.channels.get('chn_1')).id).toBe('chn_1');
    expect(seen[0]?.url).toBe('/api/v1/channels/chn_1');
    expect(Object.keys(cf)).toEqual(['channels']);
  });
});

describe('the generated resources', () => {
  it('have a method for every operation', () => {
    const placed = Object.values<AnyResource>(resources).flatMap(({ methods }) => Object.values(methods));
    const ids = placed.filter(({ id }) => Object.hasOwn(operations, id)).map(({ id }) => id);
    expect([...new Set(ids)].sort()).toEqual(Object.keys(operations).sort());
  });

  it('equal the types of the contract', () => {
    expectTypeOf<OperationId>().toEqualTypeOf<ContractOperationId>();
    expectTypeOf<ErrorBody>().branded.toEqualTypeOf<Readonly<ErrorBody>>();
    // Answers of the contract must be valid for the client.
    expectTypeOf<ContractErrorBody>().toExtend<ErrorBody>();
    type Answers = { readonly [Id in OperationId]: Output<Id> extends Result<Id> ? true : Id };
    expectTypeOf<Answers[OperationId]>().toEqualTypeOf<true>();
  });
});
