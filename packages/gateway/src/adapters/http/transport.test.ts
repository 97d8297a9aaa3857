import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, createServer, type LookupFunction, type Server, type Socket } from 'node:net';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from './http-call.ts';
import { selfTest, type TracedCall } from './self-test.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';
import type { WriteTrace } from './write-watch.ts';

const token = '1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0';
const path = `/bot${token}/sendMessage`;
const jsonOk = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}';

const clock = createManualClock();
const opened: { readonly servers: Server[]; readonly sockets: Set<Socket>; readonly transports: Transport[] } = {
  servers: [],
  sockets: new Set(),
  transports: [],
};

function transportWith(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ clock, policy: anyAddress, ...options });
  opened.transports.push(transport);
  return transport;
}

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    opened.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  opened.servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Calls `then` once the whole request has been read. */
const afterRequest = (then: (socket: Socket) => void) => (socket: Socket) => {
  let read = '';
  socket.on('data', (bytes) => {
    read += bytes.toString('latin1');
    if (!read.includes('\r\n\r\n{"a":1}')) return;
    read = '';
    then(socket);
  });
};

const post = (port: number, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url: `http://127.0.0.1:${port}${path}`,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"a":1}'),
  limitMs: 1_000,
  ...more,
});

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

afterEach(async () => {
  for (const socket of opened.sockets) socket.destroy();
  for (const server of opened.servers.splice(0)) server.close();
  await Promise.all(opened.transports.splice(0).map((transport) => transport.close()));
  opened.sockets.clear();
});

describe('an HTTP call that wrote nothing', () => {
  it.each<[string, () => Promise<HttpRequest>, RegExp, Partial<TransportOptions>?]>([
    ['a refused connection', async () => post(await closedPort()), /ECONNREFUSED/],
    [
      'a host name that does not exist',
      async () => post(1, { url: `http://unknown-host.invalid${path}` }),
      /ENOTFOUND|EAI_AGAIN/,
    ],
    [
      'a TLS handshake that is closed',
      async () => tls(await listen((socket) => socket.once('data', () => socket.end()))),
      /ECONNRESET/,
    ],
    [
      'a TLS handshake that is reset',
      async () => tls(await listen((socket) => socket.once('data', () => socket.resetAndDestroy()))),
      /ECONNRESET/,
    ],
    [
      'a TLS handshake answered in plain text',
      async () => tls(await listen((socket) => socket.once('data', () => socket.end(jsonOk)))),
      /EPROTO|ERR_SSL/,
    ],
    [
      'a TLS handshake that hangs',
      async () => tls(await listen(() => undefined)),
      /UND_ERR_CONNECT_TIMEOUT/,
      { connectTimeoutMs: 50 },
    ],
    ['an address that is none', async () => post(1, { url: `::${path}` }), /base address/],
    ['an address of another scheme', async () => post(1, { url: `file://${path}` }), /base address/],
    [
      'an invalid header',
      async () => post(await closedPort(), { headers: { authorization: 'a\nb' } }),
      /UND_ERR_INVALID_ARG/,
    ],
  ])('%s is not-written', async (_name, request, detail, options = {}) => {
    const result = await transportWith(options).call(await request());
    expect(result).toMatchObject({ kind: 'not-written', detail: expect.stringMatching(detail) });
    expect(JSON.stringify(result)).not.toContain(token);
  });

  it('is not-written when the limit ends it in the TLS handshake', async () => {
    const transport = transportWith();
    let hello = (): void => undefined;
    const greeted = new Promise<void>((resolve) => {
      hello = resolve;
    });
    const port = await listen((socket) => socket.once('data', () => hello()));
    const result = transport.call(tls(port));
    await greeted;
    clock.advance(1_000);
    expect(await result).toEqual({ kind: 'not-written', detail: 'no answer within 1000 ms' });
  });

  it('is not written later when its limit ended before the connection was made', async () => {
    let requests = 0;
    const port = await listen(
      afterRequest((socket) => {
        requests += 1;
        socket.write(jsonOk);
      }),
    );
    const answers: (() => void)[] = [];
    let asked = (): void => undefined;
    const lookedUp = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const lookup: LookupFunction = (_host, options, callback) => {
      answers.push(() =>
        options.all === true ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
      );
      asked();
      if (answers.length > 1) for (const answer of answers.splice(0)) answer();
    };
    const transport = transportWith({ lookup });
    const request = post(port, { url: `http://slow.test:${port}${path}` });
    const first = transport.call(request);
    await lookedUp;
    clock.advance(1_000);
    expect(await first).toMatchObject({ kind: 'not-written' });

    // The first call's name is found now, together with the second one's.
    expect(await transport.call(request)).toMatchObject({ kind: 'answered', status: 200 });
    expect(await transport.call(request)).toMatchObject({ kind: 'answered', status: 200 });
    expect(requests).toBe(2);
  });
});

describe('an HTTP call that waits for a connection', () => {
  it('is not-written when its limit ends, and the connection stays usable', async () => {
    const held: Socket[] = [];
    let full = (): void => undefined;
    const busy = new Promise<void>((resolve) => {
      full = resolve;
    });
    const port = await listen(
      afterRequest((socket) => {
        held.push(socket);
        full();
      }),
    );
    const transport = transportWith({ connections: 1 });
    const first = transport.call(post(port, { limitMs: 10_000 }));
    const second = transport.call(post(port));
    await busy;
    clock.advance(1_000);
    expect(await second).toEqual({
      kind: 'not-written',
      detail: 'no answer within 1000 ms; still waiting for a free connection',
    });
    const third = transport.call(post(port, { limitMs: 10_000 }));
    held[0]?.write(jsonOk);
    expect(await first).toMatchObject({ kind: 'answered' });
    while (held.length < 2) await once(held[0] as Socket, 'data');
    held[1]?.write(jsonOk);
    expect(await third).toMatchObject({ kind: 'answered' });
  });

  it('is not-written when the caller had already stopped, and after close', async () => {
    const port = await closedPort();
    const transport = transportWith();
    const signal = AbortSignal.abort();
    expect(await transport.call(post(port, { signal }))).toMatchObject({ kind: 'not-written' });
    expect(await transport.call(post(port, { signal, longPoll: true }))).toMatchObject({ kind: 'not-written' });
    await transport.close();
    expect(await transport.call(post(port))).toEqual({ kind: 'not-written', detail: 'the gateway is shutting down' });
  });
});

const tls = (port: number): HttpRequest => post(port, { url: `https://127.0.0.1:${port}${path}` });

describe('an HTTP call that undici’s diagnostics did not report', () => {
  it('is uncertain, also where nothing can have been written', async () => {
    // What the transport is told of then is not the request that it made.
    const blind = (message: unknown) => {
      const { request } = message as { readonly request: { body: Buffer } };
      request.body = Buffer.from(request.body);
    };
    subscribe('undici:request:create', blind);
    try {
      expect(await transportWith().call(post(await closedPort()))).toMatchObject({ kind: 'uncertain' });
    } finally {
      unsubscribe('undici:request:create', blind);
    }
  });
});

describe('an HTTP call that may have arrived', () => {
  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['a connection closed before the request was read', (socket) => socket.destroy(), /closed|reset/],
    [
      'a reset after the request was read',
      afterRequest((socket) => socket.resetAndDestroy()),
      /ECONNRESET|UND_ERR_SOCKET/,
    ],
    ['a connection closed after the request was read', afterRequest((socket) => socket.end()), /UND_ERR_SOCKET/],
    [
      'an answer cut short',
      afterRequest((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok":')),
      /cut short/,
    ],
    ['headers cut short', afterRequest((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')), /UND_ERR_SOCKET/],
    ['an answer that is not HTTP', afterRequest((socket) => socket.end('hello there\r\n\r\n')), /not HTTP/],
    [
      'an answer that is too large',
      afterRequest((socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n${'x'.repeat(2_000)}`)),
      /too large/,
    ],
  ])('%s is uncertain', async (_name, onSocket, detail) => {
    const port = await listen(onSocket);
    const result = await transportWith().call(post(port, { maxResponseBytes: 1_000 }));
    expect(result).toEqual({ kind: 'uncertain', detail: expect.stringMatching(detail) });
    expect(JSON.stringify(result)).not.toContain(token);
  });

  it.each<[string, string]>([
    ['no answer', ''],
    ['only the headers of an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok":'],
  ])('is uncertain when %s came within the limit', async (_name, written) => {
    let arrived = (): void => undefined;
    const read = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const port = await listen(
      afterRequest((socket) => {
        if (written) socket.write(written, () => arrived());
        else arrived();
      }),
    );
    const result = transportWith().call(post(port));
    await read;
    clock.advance(1_000);
    expect(await result).toEqual({ kind: 'uncertain', detail: expect.stringContaining('no answer within 1000 ms') });
  });

  it('is uncertain when its caller stops it after it was written', async () => {
    let arrived = (): void => undefined;
    const read = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const port = await listen(afterRequest(() => arrived()));
    const stop = new AbortController();
    const result = transportWith().call(post(port, { signal: stop.signal }));
    await read;
    stop.abort();
    expect(await result).toEqual({ kind: 'uncertain', detail: 'stopped by the gateway' });
  });

  it('is sent once, whatever its outcome', async () => {
    let requests = 0;
    const port = await listen(
      afterRequest((socket) => {
        requests += 1;
        socket.resetAndDestroy();
      }),
    );
    const transport = transportWith();
    for (let n = 0; n < 5; n += 1) await transport.call(post(port));
    expect(requests).toBe(5);
  });
});

describe('an HTTP answer', () => {
  it.each([
    ['200 that is no JSON', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello', 200, 'hello'],
    ['502 of a proxy', 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\n\r\n<h1>', 502, '<h1>'],
    ['301', 'HTTP/1.1 301 Moved\r\nlocation: http://unknown-host.invalid/\r\ncontent-length: 0\r\n\r\n', 301, ''],
  ])('%s is returned unchanged', async (_name, answer, status, body) => {
    const port = await listen(afterRequest((socket) => socket.write(answer)));
    const result = await transportWith().call(post(port));
    expect(result).toMatchObject({ kind: 'answered', status });
    expect(result.kind === 'answered' && result.body.toString()).toBe(body);
  });

  it('leaves the connection open for the next call', async () => {
    let connections = 0;
    const port = await listen((socket) => {
      connections += 1;
      afterRequest((one) => one.write(jsonOk))(socket);
    });
    const transport = transportWith();
    for (let n = 0; n < 4; n += 1) expect(await transport.call(post(port))).toMatchObject({ kind: 'answered' });
    expect(connections).toBe(1);
  });

  it('can be read as a stream, within the limit', async () => {
    const port = await listen(
      afterRequest((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc')),
    );
    const stream = await transportWith().stream(post(port));
    if (stream.kind !== 'answered') throw new Error(stream.detail);
    const [first] = (await once(stream.body, 'data')) as [Buffer];
    expect(first.toString()).toBe('abc');
    const failed = once(stream.body, 'error');
    clock.advance(1_000);
    expect(String((await failed)[0])).not.toContain(token);
  });
});

describe('the self-test of the transport', () => {
  it('passes with the installed undici', async () => {
    await expect(transportWith().selfTest()).resolves.toBeUndefined();
  });

  it.each<[string, WriteTrace]>([
    ['nothing at all', { created: false, written: false }],
    ['no writes', { created: true, written: false }],
    ['a write where there was none', { created: true, written: true }],
  ])('refuses an undici that reports %s', async (_name, trace) => {
    const transport = transportWith();
    const misled: TracedCall = async (request) => ({ result: await transport.call(request), trace });
    await expect(selfTest(misled, () => undefined)).rejects.toThrow(/npm ci/);
  });
});
