/** The server of the scenario: it loses connections, answers as a proxy would, pages, streams and refuses. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScenarioServer {
  readonly baseUrl: string;
  /** An address at which nothing listens. */
  readonly closedUrl: string;
  close(): Promise<void>;
}

interface Exchange {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** How many requests came with each idempotency key. */
  readonly counts: Map<string, number>;
  /** Answers of other kinds by path, such as the page of the browser test. */
  readonly files: Readonly<Record<string, { readonly type: string; readonly text: string }>>;
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** Loses the first attempt, answers the second as a proxy would, and sends with the third. */
const send = ({ request, response, counts }: Exchange): void => {
  const key = String(request.headers['idempotency-key']);
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  if (count === 1) response.destroy();
  else if (count === 2) response.writeHead(502, { 'content-type': 'text/html' }).end('<html>');
  else answer(response, 201, { request_id: 'r', message_id: count, channel_message_id: 'tg-1' });
};

const list = ({ url, response }: Exchange): void => {
  const isSecond = url.searchParams.get('cursor') === 'c2';
  const data = isSecond ? [{ id: 3 }] : [{ id: 1 }, { id: 2 }];
  answer(response, 200, { data, next_cursor: isSecond ? null : 'c2' });
};

/** Two events, then a lost connection; the third for a client that continues after the second. */
const stream = ({ request, response }: Exchange): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const frame = (n: number): string => `id: evt_${n}\ndata: {"id":"evt_${n}"}\n\n`;
  if (request.headers['last-event-id'] === 'evt_2') response.write(frame(3));
  else response.write(frame(1) + frame(2), () => response.destroy());
};

const notFound = { request_id: 'r', error_code: 104, error_name: 'NOT_FOUND', error: 'Nothing was found.' };

const respond = (exchange: Exchange): void => {
  const { url, response, files } = exchange;
  const file = files[url.pathname];
  if (file !== undefined) response.writeHead(200, { 'content-type': file.type }).end(file.text);
  else if (url.pathname === '/api/v1/telegram/interactive') send(exchange);
  else if (url.pathname === '/api/v1/messages') list(exchange);
  else if (url.pathname === '/api/v1/events') stream(exchange);
  else if (url.pathname === '/healthz') answer(response, 200, { status: 'ok' });
  // This message never gets an answer.
  else if (url.pathname !== '/api/v1/messages/504') answer(response, 404, notFound);
};

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const close = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};

export const startScenarioServer = async (files: Exchange['files'] = {}): Promise<ScenarioServer> => {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    request.resume().on('end', () => respond({ url, request, response, counts, files }));
  });
  const closed = createServer();
  const closedUrl = await listen(closed);
  await close(closed);
  return { baseUrl: await listen(server), closedUrl, close: () => close(server) };
};
