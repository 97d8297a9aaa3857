import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../ports/clock.ts';
import type { RequestContext } from '../context.ts';
import { createEventStreams } from './stream-events.ts';

const context = {
  principal: { id: 'key_1', reach: { workspaces: ['wsp_a'], channelId: null } },
} as unknown as RequestContext;

/** Streams of a log in which nothing happens. `onWait` gets what ends a wait for events. */
const quietStreams = (clock: Clock, onWait: (look: () => void) => void = () => undefined) =>
  createEventStreams({
    clock,
    linkTo: () => '',
    eventsDays: 30,
    store: {
      events: {
        last: async () => 'evt_1',
        page: async ({ after }: { after: string | null }) => ({ events: [], through: after, hasMore: false }),
      },
    } as never,
    tail: {
      grownPast: (_after, signal) =>
        new Promise<void>((resolve) => {
          onWait(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
  });

/** A stream in which nothing happens. */
async function openQuiet(mayContinue = async () => true) {
  const clock = createManualClock();
  let look = (): void => undefined;
  const streams = quietStreams(clock, (next) => {
    look = next;
  });
  const stream = await streams.open({ context, query: { limit: 50 }, lastEventId: null, mayContinue });
  const waitsAgain = async (): Promise<void> => {
    const before = look;
    await vi.waitUntil(() => look !== before);
  };
  return { clock, stream, waitsAgain };
}

describe('a stream in which nothing happens', () => {
  it('says so every quarter of a minute, with the place to continue from', async () => {
    const { clock, stream, waitsAgain } = await openQuiet();
    expect((await stream.chunks.next()).value).toBe('retry: 2000\nid: evt_1\n\n');
    const beats: unknown[] = [];
    const next = stream.chunks.next().then(({ value }) => beats.push(value));
    await waitsAgain();
    for (const atMs of [5_000, 10_000]) {
      const again = waitsAgain();
      clock.advance(5_000);
      await again;
      expect([clock.monotonicMs(), beats]).toEqual([atMs, []]);
    }
    clock.advance(5_000);
    await next;
    expect([clock.monotonicMs(), beats]).toEqual([15_000, [': alive\nid: evt_1\n\n']]);
    stream.end();
  });

  it('ends five seconds after its caller may not read any more', async () => {
    const { clock, stream, waitsAgain } = await openQuiet(async () => false);
    await stream.chunks.next();
    const next = stream.chunks.next();
    await waitsAgain();
    clock.advance(5_000);
    expect((await next).done).toBe(true);
  });
});

describe('the streams of one tenant', () => {
  it('are a hundred at most, whatever the number of its keys, and leave room for others', async () => {
    const streams = quietStreams(createManualClock());
    const open = (id: string, workspace: string) => {
      const principal = { id, reach: { workspaces: [workspace], channelId: null } };
      const context = { principal } as unknown as RequestContext;
      return streams.open({ context, query: { limit: 50 }, lastEventId: null, mayContinue: async () => true });
    };
    const opened = [];
    for (let key = 0; key < 10; key += 1)
      for (let count = 0; count < 10; count += 1) opened.push(await open(`key_${key}`, 'wsp_a'));
    await expect(open('key_10', 'wsp_a')).rejects.toMatchObject({ error: 'RATE_LIMITED' });
    await open('key_11', 'wsp_b');
    opened[0]?.end();
    opened[0]?.end();
    await open('key_10', 'wsp_a');
    await expect(open('key_10', 'wsp_a')).rejects.toMatchObject({ error: 'RATE_LIMITED' });
    streams.close();
  });
});
