import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, type BucketLimit, takeToken } from './token-bucket.ts';

const limits: fc.Arbitrary<BucketLimit> = fc.record({
  perSecond: fc.integer({ min: 1, max: 1_000 }),
  burst: fc.integer({ min: 1, max: 500 }),
});

/** The times, among those of all requests, at which a token was given. */
function served(limit: BucketLimit, asksMs: readonly number[]): readonly number[] {
  let bucket: Bucket | null = null;
  return asksMs.filter((atMs) => {
    const taken = takeToken(bucket, limit, atMs);
    bucket = taken.bucket;
    return taken.waitMs === 0;
  });
}

const asks = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 300 }).map((gapsMs) => {
  let atMs = 0;
  return gapsMs.map((gapMs) => {
    atMs += gapMs;
    return atMs;
  });
});

describe('a token bucket', () => {
  it('gives the burst at once and no more', () => {
    fc.assert(
      fc.property(limits, (limit) => {
        expect(served(limit, Array(limit.burst + 10).fill(0))).toHaveLength(limit.burst);
      }),
    );
  });

  it('never gives more in any period than the burst and what is earned in it', () => {
    fc.assert(
      fc.property(limits, asks, (limit, asksMs) => {
        const times = served(limit, asksMs);
        for (const [from, startMs] of times.entries()) {
          for (const [to, endMs] of times.entries()) {
            if (to < from) continue;
            const earned = ((endMs - startMs) / 1_000) * limit.perSecond;
            expect(to - from + 1).toBeLessThanOrEqual(limit.burst + earned + 1e-6);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('names the exact wait: there is a token after it, and none a millisecond earlier', () => {
    fc.assert(
      fc.property(limits, asks, (limit, asksMs) => {
        let bucket: Bucket | null = null;
        for (const atMs of asksMs) {
          const taken: ReturnType<typeof takeToken> = takeToken(bucket, limit, atMs);
          bucket = taken.bucket;
          if (taken.waitMs === 0) continue;
          expect(takeToken(bucket, limit, atMs + taken.waitMs).waitMs).toBe(0);
          if (taken.waitMs > 1) expect(takeToken(bucket, limit, atMs + taken.waitMs - 1).waitMs).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('refills at its rate, up to the burst', () => {
    const limit = { perSecond: 10, burst: 5 };
    const empty = { milliTokens: 0, atMs: 0 };
    expect(takeToken(empty, limit, 100)).toEqual({ bucket: { milliTokens: 0, atMs: 100 }, waitMs: 0 });
    expect(takeToken(empty, limit, 50).waitMs).toBe(50);
    expect(takeToken(empty, limit, 3_600_000).bucket.milliTokens).toBe(4_000);
  });

  it('earns nothing while the clock goes backwards', () => {
    const limit = { perSecond: 1_000, burst: 5 };
    expect(takeToken({ milliTokens: 0, atMs: 1_000 }, limit, 500)).toMatchObject({ waitMs: 1 });
  });
});
