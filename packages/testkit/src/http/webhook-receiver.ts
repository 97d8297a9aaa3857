import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawHeaders } from '@chatferry/gateway/internal/ports/channel-kind';

/** A webhook call of a provider. */
export interface ReceivedCall {
  readonly method: string;
  /** The complete address, as the provider knows it. */
  readonly url: string;
  readonly headers: RawHeaders;
  readonly rawBody: Buffer;
}

export interface WebhookReceiver {
  /** Calls to every path below it are accepted. */
  readonly url: string;
  /** In order of arrival. */
  readonly calls: readonly ReceivedCall[];
  /** Resolves once `enough` returns true for the calls that arrived. */
  until(enough: (calls: readonly ReceivedCall[]) => boolean): Promise<readonly ReceivedCall[]>;
  close(): Promise<void>;
}

/** A server in place of the gateway: it accepts every call and answers 200. */
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
      for (const check of [...waiting]) check();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    until: (enough) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!enough(calls)) return;
          waiting.delete(check);
          resolve(calls);
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
