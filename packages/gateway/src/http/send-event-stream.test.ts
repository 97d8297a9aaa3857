import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { describe, expect, it, vi } from 'vitest';
import { sendEventStream } from './send-event-stream.ts';

/** More than may wait for a client. */
const large = 'x'.repeat(70 * 1024);
const reply = { headers: () => reply } as never;

/** A stream that has the same piece as often as it is asked, and what is known of it. */
function open() {
  const clock = createManualClock();
  const told = { made: 0, ended: false };
  async function* pieces(): AsyncGenerator<string> {
    while (!told.ended) {
      told.made += 1;
      yield large;
    }
  }
  const end = () => {
    told.ended = true;
  };
  const body = sendEventStream(reply, { chunks: pieces(), end }, clock);
  return { clock, told, body };
}

describe('a client of the stream that takes nothing', () => {
  it('makes the gateway hold one piece for it, and is disconnected after half a minute', async () => {
    const { clock, told, body } = open();
    body.read(0);
    await vi.waitUntil(() => body.readableLength > 0);
    clock.advance(29_999);
    await Promise.resolve();
    expect([told.made, body.destroyed, told.ended]).toEqual([1, false, false]);
    clock.advance(1);
    await vi.waitUntil(() => body.destroyed);
    expect([told.made, told.ended]).toEqual([1, true]);
  });

  it('for less than half a minute at a time stays connected', async () => {
    const { clock, told, body } = open();
    body.read(0);
    for (let round = 1; round <= 3; round += 1) {
      await vi.waitUntil(() => body.readableLength > 0);
      clock.advance(20_000);
      await Promise.resolve();
      expect([told.made, body.destroyed]).toEqual([round, false]);
      body.read();
    }
    body.destroy();
    expect(told.ended).toBe(true);
  });
});
