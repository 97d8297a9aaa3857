import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads whose shape is what they check.
  readonly body: any;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server in the role of the gateway: it receives webhooks. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** The statuses that answer the next deliveries; after them 200. */
  answerNext(...statuses: number[]): void;
  /** Resolves when `count` deliveries have arrived in total. */
  arrived(count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

/** `decide` returns the answer to each body, or undefined to never answer. */
export async function startWebhookReceiver(
  decide?: (body: Received['body']) => Reply | undefined,
): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const statuses: number[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) =>
    onBody(request, (raw) => {
      const body = JSON.parse(raw);
      received.push({ headers: request.headers, raw, body });
      const reply = decide ? decide(body) : { status: statuses.shift() ?? 200 };
      if (reply) response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
      waiting = waiting.filter(({ count }) => count > received.length);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?tenant=1`,
    received,
    answerNext: (...next) => {
      statuses.push(...next);
    },
    async arrived(count) {
      if (received.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return received;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A request that is aborted before its end is ignored. */
function onBody(request: IncomingMessage, handle: (raw: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => handle(Buffer.concat(chunks).toString('utf8')));
}
