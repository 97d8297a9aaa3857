import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { directions, type FaultKind, places } from './fault.ts';
import { http, postgres } from './framing.ts';
import { type FaultProxy, startFaultProxy } from './proxy.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An echo behind a proxy; `got` is each whole request that it received. */
async function startEcho(): Promise<{ readonly proxy: FaultProxy; readonly url: string; readonly got: string[] }> {
  const got: string[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => undefined);
    request.on('end', () => {
      got.push(String(Buffer.concat(parts)));
      response.end(Buffer.concat(parts));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startFaultProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, http);
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  }, proxy.close);
  return { proxy, url: `http://127.0.0.1:${proxy.port}/`, got };
}

const echo = (url: string, text: string): Promise<string> =>
  fetch(url, { method: 'POST', body: text })
    .then(
      (response) => response.text(),
      () => 'broken',
    )
    .catch(() => 'broken');

describe('the proxy', () => {
  it('forwards what no fault waits for', async () => {
    const { proxy, url } = await startEcho();
    proxy.arm({ kind: 'cut', place: 'middle', direction: 'request' }, (request) => request.includes('other'));
    expect(await echo(url, 'one')).toBe('one');
    expect(await echo(url, 'two')).toBe('two');
  });

  const broken: readonly FaultKind[] = ['cut', 'reset'];
  it.each(
    broken.flatMap((kind) => directions.flatMap((direction) => places.map((place) => ({ kind, direction, place })))),
  )('does $kind at the $place byte of the $direction once, and only there', async (fault) => {
    const { proxy, url, got } = await startEcho();
    const armed = proxy.arm(fault, (request) => request.includes('marked'));
    const answer = await echo(url, 'marked');
    await armed.struck;
    const isWhole = fault.direction === 'answer' && fault.place === 'after-last';
    // A reset may overtake what was sent before it.
    if (fault.kind === 'cut') expect(answer).toBe(isWhole ? 'marked' : 'broken');
    const isReceived = fault.direction === 'answer' || fault.place === 'after-last';
    if (!isReceived) expect(got).toEqual([]);
    if (isReceived && fault.kind === 'cut') await expect.poll(() => got).toEqual(['marked']);
    expect(await echo(url, 'marked again')).toBe('marked again');
  });

  it.each(['stall', 'half-open'] as const)('does %s: the sender gets no answer until the release', async (kind) => {
    const { proxy, url, got } = await startEcho();
    const armed = proxy.arm({ kind, place: 'after-last', direction: 'request' }, (request) =>
      request.includes('marked'),
    );
    let isOver = false;
    const answer = echo(url, 'marked').finally(() => {
      isOver = true;
    });
    await armed.struck;
    if (kind === 'stall') await expect.poll(() => got).toEqual(['marked']);
    expect(await echo(url, 'another')).toBe('another');
    expect(isOver).toBe(false);
    armed.release();
    expect(await answer).toBe('broken');
  });

  it('does slow: the whole message arrives', async () => {
    const { proxy, url } = await startEcho();
    const armed = proxy.arm({ kind: 'slow', place: 'middle', direction: 'answer' }, (request) =>
      request.includes('marked'),
    );
    expect(await echo(url, 'marked')).toBe('marked');
    await armed.struck;
  });
});

describe('the framing of PostgreSQL', () => {
  const message = (type: string, body: string): Buffer => {
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(4 + body.length, 1);
    return Buffer.concat([head, Buffer.from(body)]);
  };
  const startup = message('x', 'user chatferry').subarray(1);

  it('takes the startup message first, then everything up to Sync', () => {
    expect(postgres.requestEnd(startup.subarray(0, 6), true)).toBeNull();
    expect(postgres.requestEnd(startup, true)).toBe(startup.length);
    const query = Buffer.concat([message('P', 'name'), message('B', 'values'), message('S', '')]);
    expect(postgres.requestEnd(query.subarray(0, query.length - 1), false)).toBeNull();
    expect(postgres.requestEnd(Buffer.concat([query, message('P', 'next')]), false)).toBe(query.length);
  });

  it('takes an answer up to ReadyForQuery', () => {
    const rows = Buffer.concat([
      message('T', 'columns'),
      message('D', 'row'),
      message('C', 'SELECT 1'),
      message('Z', 'I'),
    ]);
    expect(postgres.answerEnd(rows.subarray(0, rows.length - 1))).toBeNull();
    expect(postgres.answerEnd(rows)).toBe(rows.length);
  });
});

describe('a connection through the proxy', () => {
  it('closes at both ends when one end closes', async () => {
    const left: string[] = [];
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('close', () => left.push('server saw it'));
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = await startFaultProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, http);
    closing.push(() => server.close(), proxy.close);
    const client = connect(proxy.port, '127.0.0.1');
    await new Promise<void>((resolve) => client.once('connect', resolve));
    client.destroy();
    await expect.poll(() => left).toEqual(['server saw it']);
  });
});
