import { type Bucket, milliTokensEach, takeToken } from '../core/delivery/token-bucket.ts';
import type { Clock } from '../ports/clock.ts';
import { networkOf } from './people/network-of.ts';

/** How often something may be tried. `perSecond` may be a fraction. */
export interface TryLimits {
  readonly perAddress: { readonly perSecond: number; readonly burst: number };
  readonly total: { readonly perSecond: number; readonly burst: number };
}

export interface Try {
  /** The time until the next try is allowed. 0 if this try was allowed. */
  readonly waitMs: number;
  /** Undoes the count, for a try that turned out to be no guess. */
  giveBack(): void;
}

/** Counts one try of an address. The addresses of one IPv6 /64 are counted together. Each process counts separately. */
export type CountTry = (address: string) => Try;

const networksMax = 50_000;

/** Limits the tries of strangers, of each network and of all together. The memory for it is bounded. */
export function createTryLimit(clock: Clock, { perAddress, total }: TryLimits): CountTry {
  const networks = new Map<string, Bucket>();
  let all: Bucket | null = null;

  const keep = (network: string, bucket: Bucket): void => {
    // The network that tried last is forgotten last.
    networks.delete(network);
    networks.set(network, bucket);
    const oldest = networks.keys().next();
    if (networks.size > networksMax && !oldest.done) networks.delete(oldest.value);
  };

  return (address) => {
    const network = networkOf(address);
    const nowMs = clock.monotonicMs();
    const own = takeToken(networks.get(network) ?? null, perAddress, nowMs);
    const shared = takeToken(all, total, nowMs);
    const waitMs = Math.max(own.waitMs, shared.waitMs);
    if (waitMs > 0) return { waitMs, giveBack: () => undefined };
    keep(network, own.bucket);
    all = shared.bucket;
    return {
      waitMs,
      giveBack() {
        const bucket = networks.get(network);
        if (bucket !== undefined) networks.set(network, withOneMore(bucket, perAddress.burst));
        if (all !== null) all = withOneMore(all, total.burst);
      },
    };
  };
}

const withOneMore = ({ milliTokens, atMs }: Bucket, burst: number): Bucket => ({
  milliTokens: Math.min(burst * milliTokensEach, milliTokens + milliTokensEach),
  atMs,
});
