import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawHeaders } from '@chatferry/gateway/internal/ports/channel-kind';

/** A call as a provider made it. */
export interface ReceivedCall {
  readonly method: string;
  /** The whole address, as the provider was given it. */
  readonly url: string;
  readonly headers: RawHeaders;
  readonly rawBody: Buffer;
}

export interface WebhookReceiver {
  /** Calls to any path below it are taken. */
  readonly url: string;
  /** In the order of their arrival. */
  readonly calls: readonly ReceivedCall[];
  /** Resolves once what arrived is enough. */
  until(enough: (calls: readonly ReceivedCall[]) => boolean): Promise<readonly ReceivedCall[]>;
  close(): Promise<void>;
}

/** A server that stands where the gateway would: takes everything, answers 200. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', headers, url: path = '' } = request;
      calls.push({ method, url: `${url}${path}`, headers, rawBody: Buffer.concat(chunks) });
      response.writeHead(200).end();
      for (const look of [...waiting]) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    until: (enough) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!enough(calls)) return;
          waiting.delete(look);
          resolve(calls);
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
