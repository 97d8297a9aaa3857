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
  /** Gives back what was taken. May be called twice. */
  release(): void;
}

/** Opens an allowance for one request of this holder. It costs nothing until bytes arrive. */
export type BodyBudget = (holder: string) => BodyAllowance;

const retryMs = 1_000;

/** Bytes are counted as they arrive, so an announced length reserves nothing. */
export function createBodyBudget(
  { totalBytes, holderBytes }: BodyLimits,
  onFull: (holder: string) => void = () => undefined,
): BodyBudget {
  const held = new Map<string, number>();
  let total = 0;

  return (holder) => {
    let own = 0;
    return {
      take(bytes) {
        const ofHolder = (held.get(holder) ?? 0) + bytes;
        if (ofHolder > holderBytes || total + bytes > totalBytes) {
          onFull(holder);
          throw ofHolder > holderBytes ? tooManyOfHolder() : tooManyOfAll();
        }
        own += bytes;
        total += bytes;
        held.set(holder, ofHolder);
      },
      release() {
        const left = (held.get(holder) ?? 0) - own;
        total -= own;
        own = 0;
        if (left > 0) held.set(holder, left);
        else held.delete(holder);
      },
    };
  };
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
