import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedUpdate {
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into updates of every kind
  readonly update: any;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A bot's webhook endpoint, for tests: `decide` says what each update is answered with, or nothing to let it hang. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly ReceivedUpdate[];
  close(): Promise<void>;
}

export async function startReceiver(
  decide: (update: ReceivedUpdate['update']) => Reply | undefined = () => ({ status: 200 }),
): Promise<Receiver> {
  const received: ReceivedUpdate[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const update = JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
      received.push({ headers: request.headers, update });
      const reply = decide(update);
      if (!reply) return;
      response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
