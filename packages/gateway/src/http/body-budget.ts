import { ApiError } from '../operations/api-error.ts';

/** How many bytes of request bodies may be in memory at a time: from the first byte until the request is answered. */
export interface BodyLimits {
  readonly totalBytes: number;
  /** Of one holder: a credential, a webhook with a secret address, or the network of a caller who has neither. */
  readonly holderBytes: number;
}

/** The part of a budget that one request uses. */
export interface BodyAllowance {
  /** Counts bytes that arrived. Throws RATE_LIMITED if the holder has too many in memory, UNAVAILABLE if all have. */
  take(bytes: number): void;
  /** While the body is being read, `stop` ends it in favour of a holder who has less. Null when it was read. */
  onStop(stop: ((cause: ApiError) => void) | null): void;
  /** Gives back what was taken. May be called twice. */
  release(): void;
}

/** Opens an allowance for one request of this holder. It costs nothing until bytes arrive. */
export type BodyBudget = (holder: string) => BodyAllowance;

interface Share {
  bytes: number;
  stop: ((cause: ApiError) => void) | null;
}

interface Holder {
  bytes: number;
  readonly shares: Set<Share>;
}

const retryMs = 1_000;

/**
 * Bytes are counted as they arrive, so an announced length reserves nothing. When the budget is full, the holder with the most
 * bytes makes room for one that has less: many slow bodies of some callers do not keep the others out.
 */
export function createBodyBudget(
  { totalBytes, holderBytes }: BodyLimits,
  onFull: (holder: string) => void,
): BodyBudget {
  const holders = new Map<string, Holder>();
  let total = 0;

  const release = (name: string, holder: Holder, share: Share): void => {
    total -= share.bytes;
    holder.bytes -= share.bytes;
    share.bytes = 0;
    share.stop = null;
    holder.shares.delete(share);
    if (holder.shares.size === 0 && holders.get(name) === holder) holders.delete(name);
  };

  /** Whether there is room now. */
  const makeRoom = (bytes: number, limitBytes: number): boolean => {
    while (total + bytes > totalBytes) {
      const largest = largestOf(holders);
      if (largest === null || largest.holder.bytes <= limitBytes) return false;
      const { name, holder, share } = largest;
      const { stop } = share;
      release(name, holder, share);
      stop?.(tooManyOfAll());
    }
    return true;
  };

  return (name) => {
    const share: Share = { bytes: 0, stop: null };
    let mine: Holder | null = null;
    return {
      take(bytes) {
        mine ??= holders.get(name) ?? { bytes: 0, shares: new Set() };
        const after = mine.bytes + bytes;
        const isTooMuch = after > holderBytes;
        if (isTooMuch || !makeRoom(bytes, after)) {
          onFull(name);
          throw isTooMuch ? tooManyOfHolder() : tooManyOfAll();
        }
        holders.set(name, mine);
        mine.shares.add(share);
        share.bytes += bytes;
        mine.bytes += bytes;
        total += bytes;
      },
      onStop(stop) {
        share.stop = stop;
      },
      release() {
        if (mine !== null) release(name, mine, share);
      },
    };
  };
}

/** The largest body that is still being read, of the holder with the most bytes among those who have one. */
function largestOf(holders: ReadonlyMap<string, Holder>) {
  let largest: { readonly name: string; readonly holder: Holder; readonly share: Share } | null = null;
  for (const [name, holder] of holders) {
    if (largest !== null && holder.bytes <= largest.holder.bytes) continue;
    const reading = [...holder.shares].filter(({ stop }) => stop !== null);
    const [share] = reading.sort((a, b) => b.bytes - a.bytes);
    if (share !== undefined) largest = { name, holder, share };
  }
  return largest;
}

const tooManyOfHolder = (): ApiError =>
  new ApiError('RATE_LIMITED', {
    retryAfterMs: retryMs,
    message:
      'You are sending too much at the same time; nothing was done. Wait as long as Retry-After says, and send fewer requests at once.',
  });

const tooManyOfAll = (): ApiError =>
  new ApiError('UNAVAILABLE', {
    retryAfterMs: retryMs,
    message:
      'The gateway is receiving more than it can hold in memory; nothing was done. Wait as long as Retry-After says, and send it again.',
  });
