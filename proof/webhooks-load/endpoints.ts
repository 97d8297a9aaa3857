import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Many receivers behind one server. Each has a path of its own. */
export interface Receivers {
  readonly url: string;
  /** The time between an event and its arrival, in milliseconds, for arrivals after `sinceMs`. Receivers that hang have none. */
  delaysSince(sinceMs: number): readonly number[];
  readonly arrived: () => number;
  stop(): Promise<void>;
}

/** `hangs`: the receiver with this number never answers. */
export async function startReceivers(hangs: (index: number) => boolean): Promise<Receivers> {
  const arrivals: { readonly atMs: number; readonly delayMs: number }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (hangs(Number(request.url?.slice(1)))) return;
      const { occurred_at } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { readonly occurred_at: string };
      const atMs = Date.now();
      arrivals.push({ atMs, delayMs: atMs - Date.parse(occurred_at) });
      response.writeHead(204).end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delaysSince: (sinceMs) => arrivals.flatMap(({ atMs, delayMs }) => (atMs - delayMs >= sinceMs ? [delayMs] : [])),
    arrived: () => arrivals.length,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
