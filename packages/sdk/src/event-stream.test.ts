import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { connect } from './connect.js';
import { ApiError, ConnectionError } from './errors.js';
import { events } from './resources.gen.js';
import { createFrameReader } from './server-sent-events.js';
import {
  type Answer,
  closeServersAfterEach,
  type connectTo,
  failureOf,
  hangUp,
  json,
  proxyPage,
  refusal,
  serve,
} from './testing/gateway-double.js';

closeServersAfterEach();

/** The tests number their events. */
interface Tick {
  readonly n: number;
}

const begin = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
};

const frame = (n: number): string => `id: evt_${n}\ndata: {"n":${n}}\n\n`;

/** Streams the events, then ends the connection, or leaves it open. */
const stream =
  (numbers: readonly number[], end: 'ends' | 'breaks' | 'stays'): Answer =>
  (response) => {
    begin(response);
    response.write(`: hello\n\n${numbers.map(frame).join('')}`, () => {
      if (end === 'ends') response.end();
      if (end === 'breaks') response.destroy();
    });
  };

const open = (baseUrl: string, options: Parameters<typeof connectTo>[1] = {}) => {
  const waits: number[] = [];
  const wait = async (delayMs: number): Promise<void> => {
    waits.push(delayMs);
  };
  return { waits, cf: connect({ baseUrl, key: 'cf_key', wait, chance: () => 0, ...options }, { events }) };
};

/** The numbers of the events up to the last one wanted. */
const readUntil = async (stream: AsyncIterable<unknown>, last: number): Promise<number[]> => {
  const numbers: number[] = [];
  for await (const { n } of stream as AsyncIterable<Tick>) {
    numbers.push(n);
    if (n === last) break;
  }
  return numbers;
};

describe('the stream of events', () => {
  it('asks for what follows an event, and gives the events in order', async () => {
    const { baseUrl, seen } = await serve(stream([1, 2, 3], 'stays'));
    expect(
      await readUntil(open(baseUrl).cf.events.stream({ after: 'evt_0', types: ['button.tapped', 'chat.started'] }), 3),
    ).toEqual([1, 2, 3]);
    expect(seen[0]?.url).toBe('/api/v1/events?types=button.tapped%2Cchat.started&after=evt_0');
    expect(seen[0]?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer cf_key' });
    expect(seen[0]?.headers).not.toHaveProperty('last-event-id');
  });

  it.each(['ends', 'breaks'] as const)('continues after the last event when the connection %s', async (end) => {
    const { baseUrl, seen } = await serve(stream([1, 2], end), stream([], end), stream([3, 4], 'stays'));
    const { cf, waits } = open(baseUrl);
    const reasons: unknown[] = [];
    const ticks = cf.events.stream({ onReconnect: (reason) => reasons.push(reason) });
    expect(await readUntil(ticks, 4)).toEqual([1, 2, 3, 4]);
    expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'evt_2', 'evt_2']);
    expect(reasons).toHaveLength(2);
    expect(reasons[0]).toBeInstanceOf(ConnectionError);
    expect(waits).toEqual([500, 500]);
  });

  it('remembers an id that arrives without an event, so that nothing is missed before the first one', async () => {
    const { baseUrl, seen } = await serve(
      (response) => {
        begin(response);
        response.end('id: evt_9\n\n');
      },
      stream([10], 'stays'),
    );
    expect(await readUntil(open(baseUrl).cf.events.stream(), 10)).toEqual([10]);
    expect(seen[1]?.headers['last-event-id']).toBe('evt_9');
  });

  it('waits longer for each failure in a row, up to 30 seconds, and again briefly after an event', async () => {
    const failures = Array.from({ length: 8 }, () => hangUp);
    const { baseUrl } = await serve(stream([1], 'ends'), ...failures, stream([2], 'ends'), stream([3], 'stays'));
    const { cf, waits } = open(baseUrl);
    expect(await readUntil(cf.events.stream(), 3)).toEqual([1, 2, 3]);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 500]);
  });

  it('waits as long as the gateway asks for', async () => {
    const limited = json(429, refusal(129, 'RATE_LIMITED'), { 'retry-after': '7' });
    const { baseUrl } = await serve(limited, stream([1], 'stays'));
    const { cf, waits } = open(baseUrl);
    expect(await readUntil(cf.events.stream(), 1)).toEqual([1]);
    expect(waits).toEqual([7000]);
  });

  it('counts a connection on which nothing arrives as lost', async () => {
    let wasRead = false;
    const { baseUrl } = await serve((response, seen) => stream([wasRead ? 2 : 1], 'stays')(response, seen));
    const read: unknown[] = [];
    for await (const tick of open(baseUrl).cf.events.stream({ idleMs: 50 })) {
      read.push(tick);
      wasRead = true;
      if (read.length === 2) break;
    }
    expect(read).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('ends without an error when its signal is aborted, and closes the connection', async () => {
    let closed: (() => void) | undefined;
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { baseUrl } = await serve((response, seen) => {
      stream([1], 'stays')(response, seen);
      response.on('close', () => closed?.());
    });
    const controller = new AbortController();
    const numbers: unknown[] = [];
    for await (const tick of open(baseUrl).cf.events.stream({ signal: controller.signal })) {
      numbers.push(tick);
      queueMicrotask(() => controller.abort());
    }
    expect(numbers).toEqual([{ n: 1 }]);
    await isClosed;
  });

  it('ends during a wait when its signal is aborted', async () => {
    const { baseUrl } = await serve(stream([1], 'ends'));
    const controller = new AbortController();
    const cf = connect({ baseUrl, key: 'cf_key' }, { events });
    const numbers: unknown[] = [];
    const ticks = cf.events.stream({
      signal: controller.signal,
      onReconnect: () => queueMicrotask(() => controller.abort()),
    });
    for await (const tick of ticks) numbers.push(tick);
    expect(numbers).toEqual([{ n: 1 }]);
  });

  it('fails for a key that the gateway does not accept', async () => {
    const { baseUrl, seen } = await serve(json(401, refusal(101, 'UNAUTHORIZED')));
    const error = await failureOf(readUntil(open(baseUrl).cf.events.stream(), 1));
    expect(error).toBeInstanceOf(ApiError);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['nothing answers', hangUp, 'broken'],
    ['another server answers', proxyPage(404), 'foreign'],
    ['an answer is no stream', json(200, {}), 'foreign'],
  ])('fails if %s from the beginning', async (_, answer, kind) => {
    const { baseUrl, seen } = await serve(answer);
    const error = await failureOf(readUntil(open(baseUrl, { retriesMax: 2 }).cf.events.stream(), 1));
    expect(error).toMatchObject({ name: 'ConnectionError', kind });
    expect(seen).toHaveLength(3);
  });
});

describe('the reader of server-sent events', () => {
  const text = ': comment\r\nid: 1\r\ndata: a\r\ndata:b\r\n\r\nevent: x\ndata\n\nid: 2\rdata:  c\r\rignored: x\n\n';
  const frames = [
    { id: '1', data: 'a\nb' },
    { id: '1', data: '' },
    { id: '2', data: ' c' },
  ];

  it.each([1, 2, 3, 5, 1000])('gives the same events for pieces of %i characters', (size) => {
    const read = createFrameReader();
    const found = [];
    for (let at = 0; at < text.length; at += size) found.push(...read(text.slice(at, at + size)));
    expect(found).toEqual(frames);
  });

  it('refuses an event without an end', () => {
    const read = createFrameReader();
    const fill = (): void => {
      for (let count = 0; count < 20; count += 1) read('x'.repeat(1024 * 1024));
    };
    expect(fill).toThrow('too long');
  });
});
