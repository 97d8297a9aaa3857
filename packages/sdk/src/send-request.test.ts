import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Chatferry } from './chatferry.js';
import {
  ApiError,
  AuthenticationError,
  ChatferryError,
  ConflictError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  OutcomeUnknownError,
  PermissionError,
  RateLimitError,
  RejectedError,
  ServerError,
} from './errors.js';
import { waitByTimer } from './runtime.js';
import {
  closeServersAfterEach,
  connectTo,
  failureOf,
  hangUp,
  json,
  message,
  proxyPage,
  refusal,
  requestId,
  sent,
  serve,
} from './testing/gateway-double.js';

closeServersAfterEach();

const limited = refusal(129, 'RATE_LIMITED');
const inProgress = json(409, refusal(109, 'IDEMPOTENCY_CONFLICT'), { 'retry-after': '1' });
const send = (cf: Chatferry, options = {}) => cf.telegram.sendInteractive(message, options);
/** An operation that has no Idempotency-Key. */
const change = (cf: Chatferry) => cf.channels.update('chn_1', { state: 'disabled' });
const closedAddress = async (): Promise<string> => {
  const { baseUrl, close } = await serve(json(200, {}));
  await close();
  return baseUrl;
};

describe('the error of a call', () => {
  it('contains all parts of the error answer', async () => {
    const details = [{ pointer: '/telegram_interactive_message/type', message: 'A sentence.' }];
    const { baseUrl } = await serve(json(400, refusal(4, 'TYPE_MISMATCH', { details })));
    const error = await failureOf(send(connectTo(baseUrl).cf));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      code: 4,
      name: 'TYPE_MISMATCH',
      status: 400,
      message: 'A sentence.',
      requestId,
      details,
    });
  });

  it.each([
    [401, 101, 'UNAUTHORIZED', AuthenticationError],
    [400, 6, 'DEPRECATED_API_KEY', AuthenticationError],
    [403, 102, 'FORBIDDEN', PermissionError],
    [404, 104, 'NOT_FOUND', NotFoundError],
    [409, 110, 'NOT_REPEATABLE', ConflictError],
    [422, 122, 'IDEMPOTENCY_MISMATCH', InvalidRequestError],
    [429, 129, 'RATE_LIMITED', RateLimitError],
    [400, 5, 'TELEGRAM_REJECTED', RejectedError],
    [500, 150, 'INTERNAL', ServerError],
    [504, 154, 'OUTCOME_UNKNOWN', OutcomeUnknownError],
  ])('has a class for HTTP %i with code %i', async (status, code, name, Class) => {
    const { baseUrl } = await serve(json(status, refusal(code, name)));
    const error = await failureOf(send(connectTo(baseUrl).cf));
    expect(error).toBeInstanceOf(Class);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toBeInstanceOf(ChatferryError);
  });

  it('for an unknown outcome contains the message id, and the call is not repeated', async () => {
    const { baseUrl, seen } = await serve(
      json(504, refusal(154, 'OUTCOME_UNKNOWN', { message_id: 7 }), { 'retry-after': '1' }),
    );
    const error = await failureOf(send(connectTo(baseUrl).cf, { idempotencyKey: 'k1' }));
    expect(error).toMatchObject({ name: 'OUTCOME_UNKNOWN', messageId: 7, idempotencyKey: 'k1' });
    expect(seen).toHaveLength(1);
  });

  it.each([404, 200])('is a ConnectionError if another server answered with HTTP %i', async (status) => {
    const { baseUrl, seen } = await serve(proxyPage(status));
    const error = await failureOf(send(connectTo(baseUrl).cf));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ kind: 'foreign' });
    expect(String(error)).toContain(`HTTP ${status}`);
    expect(seen).toHaveLength(1);
  });
});

describe('a call that was never sent', () => {
  it.each([
    ['to a host that does not exist', 'http://nohost.invalid', 'nohost.invalid cannot be (found|looked up)'],
    ['to a port that fetch does not call', 'http://127.0.0.1:6000', '127.0.0.1:6000 has a port'],
  ])('%s says so', async (_, baseUrl, sentence) => {
    const error = await failureOf(send(connectTo(baseUrl).cf));
    expect(error).toMatchObject({ name: 'ConnectionError', kind: 'refused', mayHaveBeenSent: false });
    expect(String(error)).toMatch(new RegExp(`${sentence}.*; nothing was sent\\. Check baseUrl`));
  });

  it('because the server does not speak TLS says so, and is not repeated', async () => {
    const { baseUrl } = await serve(json(201, sent));
    const { cf, waits } = connectTo(baseUrl.replace('http:', 'https:'));
    const error = await failureOf(send(cf));
    expect(error).toMatchObject({ kind: 'refused', mayHaveBeenSent: false });
    expect(String(error)).toContain('does not speak TLS');
    expect(waits).toEqual([]);
  });

  it('is repeated with growing waits, also without an idempotency key', async () => {
    const { cf, waits } = connectTo(await closedAddress(), { adminToken: 'operator' });
    const error = await failureOf(change(cf));
    expect(error).toMatchObject({ kind: 'refused', mayHaveBeenSent: false });
    expect(String(error)).toContain('refused the connection; nothing was sent');
    expect(waits).toEqual([500, 1000]);
  });
});

describe('the repetition of a call', () => {
  it('waits for Retry-After of 429, 503 and a conflict, and uses the same idempotency key', async () => {
    const { baseUrl, seen } = await serve(
      json(429, limited, { 'retry-after': '2' }),
      json(503, refusal(153, 'UNAVAILABLE'), { 'retry-after': '5' }),
      inProgress,
      json(201, sent),
    );
    const { cf, waits } = connectTo(baseUrl);
    const { data, attempts } = await send(cf).withResponse();
    expect(data).toEqual(sent);
    expect(attempts).toBe(4);
    expect(waits).toEqual([2000, 5000, 1000]);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('happens after a lost connection and the pages of a proxy, with the same idempotency key', async () => {
    const { baseUrl, seen } = await serve(hangUp, proxyPage(502), proxyPage(503), proxyPage(504), json(201, sent));
    const { cf, waits } = connectTo(baseUrl, { retriesMax: 4 });
    expect(await send(cf)).toEqual(sent);
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('happens for a read, which has no idempotency key', async () => {
    const { baseUrl } = await serve(hangUp, json(200, { id: 7 }));
    expect(await connectTo(baseUrl).cf.messages.get(7)).toEqual({ id: 7 });
  });

  it.each([
    ['a lost connection', hangUp, 'broken'],
    ['the page of a proxy', proxyPage(502), 'foreign'],
  ])('does not happen after %s without an idempotency key', async (_, answer, kind) => {
    const { baseUrl, seen } = await serve(answer);
    const error = await failureOf(change(connectTo(baseUrl, { adminToken: 'operator' }).cf));
    expect(error).toMatchObject({ kind, mayHaveBeenSent: true });
    expect(seen).toHaveLength(1);
  });

  it('spreads its waits by chance', async () => {
    const { baseUrl } = await serve(hangUp, json(429, limited, { 'retry-after': '10' }), json(201, sent));
    const { cf, waits } = connectTo(baseUrl, { chance: () => 1 });
    await send(cf);
    expect(waits).toEqual([250, 11_000]);
  });

  it('ends after retriesMax repetitions', async () => {
    const { baseUrl, seen } = await serve(json(429, limited, { 'retry-after': '1' }));
    const error = await failureOf(send(connectTo(baseUrl, { retriesMax: 3 }).cf));
    expect(error).toMatchObject({ name: 'RATE_LIMITED', retryAfterMs: 1000 });
    expect(seen).toHaveLength(4);
  });

  it('asks for a request in progress until the time limit of an attempt', async () => {
    const { baseUrl, seen } = await serve(inProgress);
    const error = await failureOf(send(connectTo(baseUrl).cf, { timeoutMs: 20_000 }));
    expect(error).toMatchObject({ name: 'IDEMPOTENCY_CONFLICT' });
    expect(seen).toHaveLength(21);
  });

  it.each([
    ['without Retry-After', json(429, limited)],
    ['if the wait is too long', json(429, limited, { 'retry-after': '3600' })],
    ['after an internal error', json(500, refusal(150, 'INTERNAL'), { 'retry-after': '1' })],
    ['after a call that cannot be repeated', json(409, refusal(110, 'NOT_REPEATABLE'), { 'retry-after': '1' })],
  ])('does not happen %s', async (_, answer) => {
    const { baseUrl, seen } = await serve(answer);
    expect(await failureOf(send(connectTo(baseUrl).cf))).toBeInstanceOf(ApiError);
    expect(seen).toHaveLength(1);
  });

  it('does not happen after a timeout', async () => {
    const { baseUrl, seen } = await serve(() => undefined);
    const error = await failureOf(send(connectTo(baseUrl).cf, { timeoutMs: 50 }));
    expect(error).toMatchObject({ kind: 'timeout', mayHaveBeenSent: true });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['a refused connection', undefined],
    ['a 429', json(429, limited, { 'retry-after': '1' })],
  ])('that ends with %s does not hide that an earlier attempt may have been executed', async (_, then) => {
    let rounds = 0;
    const { baseUrl, close } = await serve(hangUp, then ?? hangUp);
    const { cf } = connectTo(baseUrl, {
      retriesMax: 1,
      wait: async () => {
        rounds += 1;
        if (then === undefined) await close();
      },
    });
    const error = await failureOf(send(cf, { idempotencyKey: 'k3' }));
    expect(rounds).toBe(1);
    expect(error).toMatchObject({ kind: 'broken', mayHaveBeenSent: true, idempotencyKey: 'k3' });
    expect(String(error)).toContain('may have been executed');
  });

  it('ends when the caller aborts it during a wait, and says that nothing was sent', async () => {
    const { baseUrl } = await serve(json(429, limited, { 'retry-after': '20' }));
    const controller = new AbortController();
    const { cf } = connectTo(baseUrl, {
      wait: (delayMs, signal) => {
        const wait = waitByTimer(delayMs, signal);
        controller.abort();
        return wait;
      },
    });
    const error = await failureOf(send(cf, { signal: controller.signal }));
    expect(error).toMatchObject({ kind: 'aborted', mayHaveBeenSent: false });
  });

  it('does not follow a redirect, which would send the key to another server', async () => {
    const other = await serve(json(201, sent));
    const { baseUrl } = await serve((response) => response.writeHead(307, { location: other.baseUrl }).end());
    expect(await failureOf(send(connectTo(baseUrl).cf))).toMatchObject({ kind: 'broken' });
    expect(other.seen).toHaveLength(0);
  });
});

describe('a connection that ends before TLS is agreed', () => {
  it('has sent nothing', async () => {
    const server = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const error = await failureOf(send(connectTo(`https://127.0.0.1:${port}`).cf));
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({ kind: 'refused', mayHaveBeenSent: false });
  });
});
