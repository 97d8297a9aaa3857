/** A server that answers as a test says, and a client for it whose waits end at once. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { Chatferry } from '../chatferry.js';
import type { ChatferryOptions } from '../settings.js';
import type { SendInteractive } from '../types.gen.js';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (response: ServerResponse, seen: Seen) => void;

const servers: Server[] = [];

/** A server that gives the answers in order, then repeats the last one, and records its requests. */
export const serve = async (...answers: Answer[]) => {
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
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { seen, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};

/** Closes the servers after each test of the file. */
export const closeServersAfterEach = (): void => {
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
};

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const proxyPage =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<html>Bad gateway</html>');
  };

/** The connection ends after the request, without an answer. */
export const hangUp: Answer = (response) => {
  response.destroy();
};

export const requestId = '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a';
export const sent = { request_id: requestId, message_id: 7382914, channel_message_id: 'tg-2418' };

export const refusal = (code: number, name: string, more: object = {}) => ({
  request_id: requestId,
  error_code: code,
  error_name: name,
  error: 'A sentence.',
  ...more,
});

export const message: SendInteractive = {
  destination_user_id: '123456789',
  telegram_interactive_message: {
    type: 'remove_reply_keyboard',
    text: 'Thanks.',
    reply_markup: { remove_keyboard: true },
  },
};

/** A client whose waits end immediately and are recorded, and have no spread. */
export const connectTo = (baseUrl: string, options: Partial<ChatferryOptions> = {}) => {
  const waits: number[] = [];
  const wait = (delayMs: number): Promise<void> => {
    waits.push(delayMs);
    return Promise.resolve();
  };
  return { waits, cf: new Chatferry({ baseUrl, key: 'cf_key', wait, chance: () => 0, ...options }) };
};

export const failureOf = (call: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(
    call.then(
      () => 'no failure',
      (error: unknown) => error,
    ),
  );
