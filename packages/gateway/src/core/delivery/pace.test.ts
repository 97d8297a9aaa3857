import { describe, expect, it } from 'vitest';
import { isBotLimited, nextSlot, type PaceLimit } from './pace.ts';

/** The slots of sends that are requested at the given times. */
function slots(limit: PaceLimit, ...comingMs: readonly number[]): readonly number[] {
  let markMs = 0;
  return comingMs.map((nowMs) => {
    const slot = nextSlot(markMs, limit, nowMs);
    markMs = slot.markMs;
    return Math.round(slot.atMs);
  });
}

describe('the next slot', () => {
  const limit = { perSecond: 1, burst: 3 };

  it('is now for a burst, then one interval after the other', () => {
    expect(slots(limit, 0, 0, 0, 0, 0, 0)).toEqual([0, 0, 0, 1_000, 2_000, 3_000]);
  });

  it('is earned back during silence, up to one burst', () => {
    expect(slots(limit, 0, 0, 0, 1_500, 1_500)).toEqual([0, 0, 0, 1_500, 2_000]);
    expect(slots(limit, 0, 3_600_000, 3_600_000, 3_600_000, 3_600_000)).toEqual([
      0,
      ...Array(3).fill(3_600_000),
      3_601_000,
    ]);
  });

  it('never allows more in any period than the limit and one burst', () => {
    const went = slots({ perSecond: 20 / 60, burst: 5 }, ...Array.from({ length: 100 }, (_, index) => index * 500));
    for (const startMs of went) {
      expect(went.filter((atMs) => atMs >= startMs && atMs < startMs + 60_000).length).toBeLessThanOrEqual(20 + 5);
    }
  });
});

describe('a bot', () => {
  it('counts as limited if three of its chats are limited at the same time', () => {
    expect(isBotLimited([5, 5], 0)).toBe(false);
    expect(isBotLimited([5, 5, 1], 0)).toBe(true);
    expect(isBotLimited([5, 5, 1], 2)).toBe(false);
  });
});
