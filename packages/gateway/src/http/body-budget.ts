import { ApiError } from '../operations/api-error.ts';
import type { Clock } from '../ports/clock.ts';

/** How many bytes of request bodies may be in memory at a time: from the first byte until the request is answered. */
export interface BodyLimits {
  readonly totalBytes: number;
  /** Of one holder: a credential, a webhook with a secret address, or the network of a caller who has neither. */
  readonly holderBytes: number;
  /** How long a body may take from its head to its last byte. Null for callers who have as long as every request. */
  readonly bodyMs: number | null;
}

/** The part of a budget that one request uses. */
export interface BodyAllowance {
  /** Counts bytes that arrived. Throws RATE_LIMITED if the holder has too many in memory, UNAVAILABLE if all have. */
  take(bytes: number): void;
  /**
   * While the body is being read, `stop` ends it: with UNAVAILABLE in favour of another one, with TYPE_MISMATCH when its time is
   * over. Null when it was read.
   */
  onStop(stop: ((cause: ApiError) => void) | null): void;
  /** Gives back what was taken. May be called twice. */
  release(): void;
}

/** Opens an allowance for one request of this holder. It costs nothing until bytes arrive. The time begins now. */
export type BodyBudget = (holder: string) => BodyAllowance;

interface Share {
  readonly holder: Holder;
  bytes: number;
  stop: ((cause: ApiError) => void) | null;
}

interface Holder {
  readonly name: string;
  bytes: number;
  readonly shares: Set<Share>;
}

const retryMs = 1_000;
/** A part of a body's time that begins late if this process was busy. What arrived by then is read before it is over. */
const lastMs = 500;
/** A holder with more than this part of the budget makes room first. A genuine one has so much for milliseconds at most. */
const largePart = 1 / 64;

/**
 * Bytes are counted as they arrive, so an announced length reserves nothing. When the budget is full, the largest holder makes
 * room for one that has no more, if it has much. If none has much, the body that began first makes room: it had the most time. So
 * neither a few callers nor thousands of networks with little each keep out a body that arrives at once.
 */
export function createBodyBudget(
  { totalBytes, holderBytes, bodyMs }: BodyLimits,
  clock: Pick<Clock, 'sleep'>,
  onFull: (holder: string) => void,
): BodyBudget {
  const holders = new Map<string, Holder>();
  /** The bodies that are still being read and have bytes in memory, in the order in which they began. */
  const unfinished = new Set<Share>();
  const large = new Set<Holder>();
  let total = 0;

  const add = (share: Share, bytes: number): void => {
    const { holder } = share;
    total += bytes;
    share.bytes += bytes;
    holder.bytes += bytes;
    if (holder.bytes > totalBytes * largePart) large.add(holder);
    else large.delete(holder);
  };

  const release = (share: Share): void => {
    const { holder } = share;
    add(share, -share.bytes);
    share.stop = null;
    unfinished.delete(share);
    holder.shares.delete(share);
    if (holder.shares.size === 0 && holders.get(holder.name) === holder) holders.delete(holder.name);
  };

  /** Whether there is room for these bytes now. */
  const makeRoom = (bytes: number, taking: Share): boolean => {
    while (total + bytes > totalBytes) {
      const [first = null] = unfinished;
      const ended = largestOf(large, taking.holder) ?? first;
      if (ended === null || ended === taking) return false;
      const { stop } = ended;
      release(ended);
      stop?.(tooManyOfAll());
    }
    return true;
  };

  return (name) => {
    let share: Share | null = null;
    let stopReading: Share['stop'] = null;
    const time = startTime(clock, bodyMs, (cause) => stopReading?.(cause));
    return {
      take(bytes) {
        const holder = share?.holder ?? holders.get(name) ?? { name, bytes: 0, shares: new Set() };
        share ??= { holder, bytes: 0, stop: stopReading };
        const isTooMuch = holder.bytes + bytes > holderBytes;
        if (isTooMuch || !makeRoom(bytes, share)) {
          onFull(name);
          throw isTooMuch ? tooManyOfHolder() : tooManyOfAll();
        }
        holders.set(name, holder);
        holder.shares.add(share);
        if (share.stop !== null) unfinished.add(share);
        add(share, bytes);
      },
      onStop(stop) {
        stopReading = stop;
        if (share !== null) share.stop = stop;
        if (share !== null && stop === null) unfinished.delete(share);
        if (stop === null) time.end();
        else time.check();
      },
      release() {
        time.end();
        stopReading = null;
        if (share !== null) release(share);
      },
    };
  };
}

interface BodyTime {
  /** Calls `onOver` if the time is over already. */
  check(): void;
  end(): void;
}

function startTime(clock: Pick<Clock, 'sleep'>, bodyMs: number | null, onOver: (cause: ApiError) => void): BodyTime {
  if (bodyMs === null) return { check: () => undefined, end: () => undefined };
  const ended = new AbortController();
  let isOver = false;
  const check = () => isOver && onOver(tooSlow(bodyMs));
  const wait = async (): Promise<void> => {
    await clock.sleep(bodyMs - lastMs, ended.signal);
    await clock.sleep(lastMs, ended.signal);
    isOver = !ended.signal.aborted;
    check();
  };
  void wait();
  return { check, end: () => ended.abort(null) };
}

/** The largest body that is still being read, of the other holder with the most bytes. Null if none has as many as this one. */
function largestOf(large: ReadonlySet<Holder>, taking: Holder): Share | null {
  for (const holder of [...large].sort((a, b) => b.bytes - a.bytes)) {
    if (holder.bytes < taking.bytes) return null;
    if (holder === taking) continue;
    const reading = [...holder.shares].filter(({ stop }) => stop !== null);
    const [share] = reading.sort((a, b) => b.bytes - a.bytes);
    if (share !== undefined) return share;
  }
  return null;
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

const tooSlow = (bodyMs: number): ApiError =>
  new ApiError('TYPE_MISMATCH', {
    message: `The request did not arrive in time (here the body within ${bodyMs / 1_000} seconds of the headers); nothing was done. Send it again.`,
  });
