import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads whose shape is what they check.
  readonly body: any;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** What the next deliveries are answered; afterwards 200. */
  answerNext(...statuses: number[]): void;
  /** Resolves once `count` deliveries have arrived in all. */
  arrived(count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

/** A server that stands where the gateway would. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const statuses: number[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      received.push({ headers: request.headers, raw, body: JSON.parse(raw) });
      response.writeHead(statuses.shift() ?? 200).end();
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
      waiting = waiting.filter(({ count }) => count > received.length);
    });
  });
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
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
