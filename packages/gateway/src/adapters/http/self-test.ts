import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { HttpRequest, HttpResult } from './http-call.ts';
import type { WriteTrace } from './write-watch.ts';

/** A call with what was seen of it. */
export type TracedCall = (request: HttpRequest) => Promise<{ readonly result: HttpResult; readonly trace: WriteTrace }>;

const limitMs = 5_000;
const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok';

/**
 * Checks against a local socket that calls still see when they are written: an undici that reports differently would
 * turn every "surely not sent" into "may have been sent", or worse.
 */
export async function selfTest(call: TracedCall, allow: (origin: string) => void): Promise<void> {
  const server = createServer((socket) => socket.once('data', () => socket.end(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${portOf(server)}/`;
  allow(new URL(url).origin);
  try {
    const posted = await call({ url, method: 'POST', body: Buffer.from('{}'), limitMs });
    expectTrace('a written POST', posted.trace, { created: true, written: true });
    const got = await call({ url, method: 'GET', limitMs });
    expectTrace('a written GET', got.trace, { created: true, written: true });
    if (posted.result.kind !== 'answered' || got.result.kind !== 'answered') {
      throw failure('a local request was not answered; check that the loopback interface is usable');
    }
  } finally {
    server.close();
    await once(server, 'close');
  }
  const refused = await call({ url, method: 'POST', body: Buffer.from('{}'), limitMs });
  expectTrace('a refused connection', refused.trace, { created: true, written: false });
  if (refused.result.kind !== 'not-written') throw failure(`a refused connection counts as ${refused.result.kind}`);
}

function expectTrace(what: string, seen: WriteTrace, wanted: WriteTrace): void {
  if (seen.created === wanted.created && seen.written === wanted.written) return;
  throw failure(
    `for ${what} undici reported created=${seen.created}, written=${seen.written} ` +
      `instead of created=${wanted.created}, written=${wanted.written}`,
  );
}

const failure = (what: string): Error =>
  new Error(
    `The HTTP self-test failed: ${what}. The gateway does not start, because it could not tell sent from unsent ` +
      'messages. Install exactly the locked dependencies with `npm ci`; if they are, report this with the undici version.',
  );

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw failure('the local server has no port');
  return address.port;
}
