import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.integer({ min: 1, max: 1_000 });

describe('the wait after failures in a row', () => {
  it('grows from a second to ten minutes and stays there', () => {
    const waits = [1, 2, 3, 4, 5, 6, 100].map((count) => backoffMs(count, 0.5));
    expect(waits).toEqual([1_000, 5_000, 30_000, 120_000, 600_000, 600_000, 600_000]);
  });

  it('takes a count below one for the first', () => {
    expect(backoffMs(0, 0.5)).toBe(1_000);
  });

  it('is spread over a fifth of itself', () => {
    fc.assert(
      fc.property(failures, uniform, (count, at) => {
        const step = backoffMs(count, 0.5);
        expect(Math.abs(backoffMs(count, at) - step)).toBeLessThanOrEqual(step / 10);
      }),
    );
    expect(backoffMs(1, 0)).toBe(900);
    expect(backoffMs(1, 0.999_999)).toBe(1_100);
  });

  it('is never shorter than the provider wishes, and hardly longer where its wish is the longer one', () => {
    fc.assert(
      fc.property(failures, uniform, fc.integer({ min: 0, max: 3_600_000 }), (count, at, wishMs) => {
        const waitMs = backoffMs(count, at, wishMs);
        expect(waitMs).toBeGreaterThanOrEqual(wishMs);
        expect(waitMs).toBeLessThanOrEqual(Math.max(wishMs * 1.2, backoffMs(count, at)) + 1);
      }),
    );
  });
});
