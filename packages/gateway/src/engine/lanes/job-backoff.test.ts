import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, type RetriedWork } from './job-backoff.ts';

const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.integer({ min: 1, max: 1_000 });
const kinds: readonly RetriedWork[] = ['mirror', 'update', 'inbox-event', 'automatic'];

describe('the wait after failures in a row', () => {
  it.each(kinds)('grows from a second to ten minutes and then stays the same, for the job kind %s', (kind) => {
    const waits = [1, 2, 3, 4, 5, 6, 100].map((count) => backoffMs(kind, count, 0.5));
    expect(waits).toEqual([1_000, 5_000, 30_000, 120_000, 600_000, 600_000, 600_000]);
  });

  it('is 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h for a webhook', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7].map((count) => backoffMs('webhook', count, 0.5) / 60_000);
    expect(minutes).toEqual([5 / 60, 5, 30, 120, 300, 600, 600]);
  });

  it('is the first wait for a count below one', () => {
    expect(backoffMs('mirror', 0, 0.5)).toBe(1_000);
  });

  it('is spread over a fifth of itself', () => {
    fc.assert(
      fc.property(failures, uniform, (count, at) => {
        const step = backoffMs('mirror', count, 0.5);
        expect(Math.abs(backoffMs('mirror', count, at) - step)).toBeLessThanOrEqual(step / 10);
      }),
    );
    expect(backoffMs('mirror', 1, 0)).toBe(900);
    expect(backoffMs('mirror', 1, 0.999_999)).toBe(1_100);
  });

  it('is never shorter than the provider asks, and at most a fifth longer if the provider asks for more', () => {
    fc.assert(
      fc.property(failures, uniform, fc.integer({ min: 0, max: 3_600_000 }), (count, at, wishMs) => {
        const waitMs = backoffMs('mirror', count, at, { wishMs });
        expect(waitMs).toBeGreaterThanOrEqual(wishMs);
        expect(waitMs).toBeLessThanOrEqual(Math.max(wishMs * 1.2, backoffMs('mirror', count, at)) + 1);
      }),
    );
  });
});
