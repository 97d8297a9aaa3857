import { type Bucket, milliTokensEach, takeToken } from '../core/delivery/token-bucket.ts';
import { putNewest } from '../core/memory/put-newest.ts';
import type { Clock } from '../ports/clock.ts';
import { networkOf, wideNetworkOf } from './people/network-of.ts';

interface Limit {
  /** May be a fraction. */
  readonly perSecond: number;
  readonly burst: number;
}

/** How often something may be tried. */
export interface TryLimits {
  /** Of an IPv4 address or the /64 of an IPv6 address. The whole /48 has four times as much. */
  readonly perAddress: Limit;
  /** Of all callers together. Null if the tries of one caller never delay another one. */
  readonly total: Limit | null;
}

export interface Try {
  /** The time until the next try is allowed. 0 if this try was allowed. */
  readonly waitMs: number;
  /** Undoes the count, for a try that turned out to be no guess. */
  giveBack(): void;
}

/** Counts one try of an address. Each process counts separately. */
export type CountTry = (address: string) => Try;

const networksMax = 50_000;
/** A /48 has 65,536 networks, and one customer may own it whole. */
const wideTimes = 4;

/** Limits the tries of strangers, of each network and of all together. The memory for it is bounded. */
export function createTryLimit(clock: Clock, { perAddress, total }: TryLimits): CountTry {
  const buckets = [
    createBuckets(networkOf, perAddress),
    createBuckets(wideNetworkOf, { perSecond: perAddress.perSecond * wideTimes, burst: perAddress.burst * wideTimes }),
    ...(total === null ? [] : [createBuckets(() => 'all', total)]),
  ];
  return (address) => {
    const nowMs = clock.monotonicMs();
    const taken = buckets.map((one) => one.take(address, nowMs));
    const waitMs = Math.max(...taken.map((one) => one.waitMs));
    if (waitMs > 0) return { waitMs, giveBack: () => undefined };
    for (const { keep } of taken) keep();
    return {
      waitMs,
      giveBack() {
        for (const { giveBack } of taken) giveBack();
      },
    };
  };
}

/** The buckets of all networks of one size. An address without a network of this size is not limited by them. */
function createBuckets(nameOf: (address: string) => string | null, limit: Limit) {
  const buckets = new Map<string, Bucket>();

  return {
    take(address: string, nowMs: number) {
      const name = nameOf(address);
      if (name === null) return { waitMs: 0, keep: () => undefined, giveBack: () => undefined };
      const { waitMs, bucket } = takeToken(buckets.get(name) ?? null, limit, nowMs);
      return {
        waitMs,
        // The network that tried last is forgotten last.
        keep: () => putNewest(buckets, name, bucket, networksMax),
        giveBack() {
          const now = buckets.get(name);
          if (now !== undefined) buckets.set(name, withOneMore(now, limit.burst));
        },
      };
    },
  };
}

const withOneMore = ({ milliTokens, atMs }: Bucket, burst: number): Bucket => ({
  milliTokens: Math.min(burst * milliTokensEach, milliTokens + milliTokensEach),
  atMs,
});
