import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  ErrorBody as ContractErrorBody,
  OperationId as ContractOperationId,
  Input,
  Output,
  RequestBody,
} from '@chatferry/contract';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { type Arguments, Chatferry, type ChatferryOptions, type OperationId, type Result } from './client.ts';
import { ApiError, ConnectionError } from './errors.ts';
import type { ErrorBody, SendInteractive } from './types.gen.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, seen: Seen) => void;

const servers: Server[] = [];

/** A server that gives the answers in order, then repeats the last one, and records its requests. */
const serve = async (...answers: Answer[]) => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      seen.push(one);
      answers[Math.min(seen.length, answers.length) - 1]?.(response, one);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { seen, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

const requestId = '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a';
const sent = { request_id: requestId, message_id: 7382914, channel_message_id: 'tg-2418' };
const refusal = (code: number, name: string, more: object = {}) => ({
  request_id: requestId,
  error_code: code,
  error_name: name,
  error: 'A sentence.',
  ...more,
});
const limited = refusal(129, 'RATE_LIMITED');

const message: SendInteractive = {
  destination_user_id: '123456789',
  telegram_interactive_message: {
    type: 'remove_reply_keyboard',
    text: 'Thanks.',
    reply_markup: { remove_keyboard: true },
  },
};

/** A client whose waits end immediately and are recorded. */
const connect = (baseUrl: string, options: Partial<ChatferryOptions> = {}) => {
  const waits: number[] = [];
  const wait = (delayMs: number): Promise<void> => {
    waits.push(delayMs);
    return Promise.resolve();
  };
  return { waits, client: new Chatferry({ baseUrl, key: 'cf_key', wait, ...options }) };
};

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('a call of the client', () => {
  it('sends the request of the operation and returns the answer', async () => {
    const { baseUrl, seen } = await serve(json(201, sent));
    const { client } = connect(`${baseUrl}/`, { userAgent: 'shop/2' });
    expect(await client.sendTelegramInteractive(message, { strict: true })).toEqual(sent);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/v1/telegram/interactive' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(message);
    expect(seen[0]?.headers).toMatchObject({
      'x-octopods-auth': 'cf_key',
      'content-type': 'application/json',
      prefer: 'handling=strict',
    });
    expect(seen[0]?.headers['user-agent']).toMatch(/^shop\/2 chatferry-sdk\/\d/);
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('distributes its fields over the path, the query and the body', async () => {
    const { baseUrl, seen } = await serve(json(200, {}));
    const { client } = connect(baseUrl, { adminToken: 'operator' });
    await client.updateChannel({ channel_id: 'chn_a/b', state: 'disabled' });
    await client.listMessages({ limit: 5, state: 'unknown', cursor: undefined });
    await client.getHealth();
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PATCH', '/api/v1/channels/chn_a%2Fb', '{"state":"disabled"}'],
      ['GET', '/api/v1/messages?limit=5&state=unknown', ''],
      ['GET', '/healthz', ''],
    ]);
    expect(seen.map(({ headers }) => [headers.authorization, headers['x-octopods-auth']])).toEqual([
      ['Bearer operator', undefined],
      [undefined, 'cf_key'],
      [undefined, undefined],
    ]);
  });

  it('returns undefined for 204', async () => {
    const { baseUrl } = await serve((response) => response.writeHead(204).end());
    const { client } = connect(baseUrl, { adminToken: 'operator' });
    expect(await client.deleteKey({ key_id: 'key_1' })).toBeUndefined();
  });

  it('without the needed credential fails before any request', async () => {
    const { client } = connect('http://127.0.0.1:9', { key: undefined });
    await expect(client.sendTelegramInteractive(message)).rejects.toThrow('needs key');
    await expect(client.listKeys()).rejects.toThrow('needs adminToken');
  });

  it('without a field of the path fails and names the field', async () => {
    const { client } = connect('http://127.0.0.1:9', { adminToken: 'operator' });
    await expect(client.getKey({ key_id: '' })).rejects.toThrow('getKey needs key_id');
  });
});

describe('the error of a call', () => {
  it('contains all parts of the error answer', async () => {
    const details = [{ pointer: '/telegram_interactive_message/type', message: 'A sentence.' }];
    const { baseUrl } = await serve(json(400, refusal(4, 'TYPE_MISMATCH', { details })));
    const error = await failureOf(connect(baseUrl).client.sendTelegramInteractive(message));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: 4,
      name: 'TYPE_MISMATCH',
      status: 400,
      message: 'A sentence.',
      requestId,
      details,
    });
  });

  it('for an unknown outcome contains the message id, and the call is not repeated', async () => {
    const { baseUrl, seen } = await serve(
      json(504, refusal(154, 'OUTCOME_UNKNOWN', { message_id: 7 }), { 'retry-after': '1' }),
    );
    const error = await failureOf(connect(baseUrl).client.sendTelegramInteractive(message, { idempotencyKey: 'k1' }));
    expect(error).toMatchObject({ name: 'OUTCOME_UNKNOWN', messageId: 7, idempotencyKey: 'k1' });
    expect(seen).toHaveLength(1);
  });

  it('is a ConnectionError if something other than the gateway answered', async () => {
    const { baseUrl, seen } = await serve((response) => response.writeHead(503, { 'retry-after': '1' }).end('<html>'));
    const error = await failureOf(connect(baseUrl).client.getHealth());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ kind: 'foreign' });
    expect(seen).toHaveLength(1);
  });
});

describe('the repetition of a call', () => {
  it('waits for Retry-After of 429 and 503 and uses the same idempotency key', async () => {
    const { baseUrl, seen } = await serve(
      json(429, limited, { 'retry-after': '2' }),
      json(503, refusal(153, 'UNAVAILABLE'), { 'retry-after': '5' }),
      json(201, sent),
    );
    const { client, waits } = connect(baseUrl);
    expect(await client.sendTelegramInteractive(message)).toEqual(sent);
    expect(waits).toEqual([2000, 5000]);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('ends after retriesMax repetitions', async () => {
    const { baseUrl, seen } = await serve(json(429, limited, { 'retry-after': '1' }));
    const error = await failureOf(connect(baseUrl, { retriesMax: 3 }).client.sendTelegramInteractive(message));
    expect(error).toMatchObject({ name: 'RATE_LIMITED', retryAfterMs: 1000 });
    expect(seen).toHaveLength(4);
  });

  it.each([
    ['without Retry-After', json(429, limited)],
    ['if the wait is too long', json(429, limited, { 'retry-after': '3600' })],
    ['after an internal error', json(500, refusal(150, 'INTERNAL'), { 'retry-after': '1' })],
    ['after a conflict', json(409, refusal(109, 'IDEMPOTENCY_CONFLICT'), { 'retry-after': '1' })],
  ])('does not happen %s', async (_, answer) => {
    const { baseUrl, seen } = await serve(answer);
    expect(await failureOf(connect(baseUrl).client.sendTelegramInteractive(message))).toBeInstanceOf(ApiError);
    expect(seen).toHaveLength(1);
  });

  it('happens after a refused connection, with growing waits', async () => {
    const { baseUrl } = await serve(json(200, {}));
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const { client, waits } = connect(baseUrl);
    const error = await failureOf(client.sendTelegramInteractive(message));
    expect(error).toMatchObject({ name: 'ConnectionError', kind: 'refused' });
    expect(waits).toEqual([250, 500]);
  });

  it('does not happen after a connection that broke after the request', async () => {
    const { baseUrl, seen } = await serve((response) => response.destroy());
    const error = await failureOf(connect(baseUrl).client.sendTelegramInteractive(message, { idempotencyKey: 'k2' }));
    expect(error).toMatchObject({ kind: 'broken', idempotencyKey: 'k2' });
    expect(seen).toHaveLength(1);
  });

  it('does not happen after a timeout', async () => {
    const { baseUrl, seen } = await serve(() => undefined);
    const error = await failureOf(connect(baseUrl).client.sendTelegramInteractive(message, { timeoutMs: 50 }));
    expect(error).toMatchObject({ kind: 'timeout' });
    expect(seen).toHaveLength(1);
  });

  it('ends when the caller aborts it during a wait', async () => {
    const { baseUrl } = await serve(json(429, limited, { 'retry-after': '20' }));
    const controller = new AbortController();
    const client = new Chatferry({
      baseUrl,
      key: 'cf_key',
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        queueMicrotask(() => controller.abort());
        return response;
      },
    });
    const error = await failureOf(client.sendTelegramInteractive(message, { signal: controller.signal }));
    expect(error).toMatchObject({ kind: 'aborted' });
  });

  it('does not follow a redirect, which would send the key to another server', async () => {
    const other = await serve(json(201, sent));
    const { baseUrl } = await serve((response) => response.writeHead(307, { location: other.baseUrl }).end());
    expect(await failureOf(connect(baseUrl).client.sendTelegramInteractive(message))).toMatchObject({ kind: 'broken' });
    expect(other.seen).toHaveLength(0);
  });
});

describe('the generated types', () => {
  it('equal the types of the contract', () => {
    expectTypeOf<OperationId>().toEqualTypeOf<ContractOperationId>();
    expectTypeOf<ErrorBody>().branded.toEqualTypeOf<Readonly<ErrorBody>>();
    // Requests of the client must be valid for the contract, and answers of the contract valid for the client.
    expectTypeOf<ContractErrorBody>().toExtend<ErrorBody>();
    type Bodies = { readonly [Id in OperationId]: RequestBody<Id> extends Arguments<Id> ? true : Id };
    type Answers = { readonly [Id in OperationId]: Output<Id> extends Result<Id> ? true : Id };
    expectTypeOf<Answers[OperationId]>().toEqualTypeOf<true>();
    expectTypeOf<Bodies['createWorkspace' | 'createChannel' | 'createKey']>().toEqualTypeOf<true>();
    expectTypeOf<Input<'getMessage'>['params']>().toExtend<Arguments<'getMessage'>>();
  });
});
