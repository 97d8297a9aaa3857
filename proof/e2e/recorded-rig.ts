import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Rig, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll } from 'vitest';
import { quickClock } from './quick-clock.ts';

/**
 * A gateway behind a proxy, as it often runs: its public address is the proxy's, which forwards every call and records the
 * secret that Telegram sent with it.
 */
export async function startRecordedRig(): Promise<{
  readonly rig: Rig;
  /** The secret of the last call to this path. */
  secretOf(path: string): string;
}> {
  const secrets = new Map<string, string>();
  let gatewayUrl = '';

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '/', method = 'GET' } = request;
    const secret = request.headers['x-telegram-bot-api-secret-token'];
    if (typeof secret === 'string') secrets.set(path, secret);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
    );
    const body = Buffer.concat(chunks);
    const answer = await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: Object.fromEntries(headers),
      ...(body.length === 0 ? {} : { body }),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  }

  const proxy = createServer((request, response) => {
    passOn(request, response).catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  afterAll(() => proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const rig = await startRig({ CHATFERRY_PUBLIC_URL: `http://127.0.0.1:${port}` }, quickClock);
  gatewayUrl = rig.url;
  return {
    rig,
    secretOf(path) {
      const secret = secrets.get(path);
      if (secret === undefined) throw new Error(`Telegram has not called ${path}`);
      return secret;
    },
  };
}
