import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook that the backend of a caller got. */
export interface BackendCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: an event is what the test says it is.
  readonly event: any;
}

/** Answers a call: a status, or whatever a hostile server does. */
export type BackendAnswer = (call: BackendCall, response: ServerResponse, request: IncomingMessage) => void;

/** The backend of a caller of the API: it gets webhooks. It answers 204 unless a test says otherwise. */
export interface WebhookBackend {
  readonly url: string;
  /** In order of arrival. */
  readonly calls: readonly BackendCall[];
  /** From now on. */
  answer(answer: BackendAnswer | number): void;
  /** Resolves once `enough` returns true for the calls that arrived. */
  until(enough: (calls: readonly BackendCall[]) => boolean): Promise<readonly BackendCall[]>;
  close(): Promise<void>;
}

const status =
  (code: number): BackendAnswer =>
  (_, response) =>
    void response.writeHead(code).end();

export async function startWebhookBackend(): Promise<WebhookBackend> {
  const calls: BackendCall[] = [];
  const waiting = new Set<() => void>();
  let current = status(204);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { url: path = '', headers } = request;
      const call = { path, headers: headers as BackendCall['headers'], text, event: JSON.parse(text) };
      calls.push(call);
      current(call, response, request);
      for (const check of [...waiting]) check();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer(answer) {
      current = typeof answer === 'number' ? status(answer) : answer;
    },
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
