import { putNewest } from '../core/memory/put-newest.ts';
import { ApiError } from '../operations/api-error.ts';
import { createTryLimit } from '../operations/limit-tries.ts';
import type { Clock } from '../ports/clock.ts';
import type { LiveSecret } from '../store/live-secrets.ts';

/** A secret that a stranger presents: an API key, a token, a session, a secret address. */
export interface Guess {
  /** The same for the same secret, and different for secrets of different kinds. Not the secret itself, if it is a credential. */
  readonly name: string;
  readonly address: string;
}

/** Looks presented secrets up in the store without letting strangers use the store as they like. */
export interface GuessLimit {
  /**
   * The result of `load`, which is null for an unknown secret. A secret that was found before is always looked up. An unknown one
   * is answered from memory for five seconds, and after too many of them from one network, or from all together, only a secret that
   * is on the list of the valid ones is looked up: for every other one it throws RATE_LIMITED. Callers with the same new secret share
   * one look-up.
   */
  lookUp<T>(guess: Guess, load: () => Promise<T | null> | T | null): Promise<T | null>;
  /** Forgets which secrets are unknown, after a change made by any process. */
  forget(): void;
}

/**
 * An operator whose backend has a hundred keys may start all of them at once. A stranger gets five reads of the database a second, a
 * whole /48 of IPv6 twenty, and all strangers together fifty, which is what one busy caller needs anyway.
 */
const limits = { perAddress: { perSecond: 5, burst: 100 }, total: { perSecond: 50, burst: 1_000 } };
/** A new key works everywhere after this time, even if it was tried before. */
const unknownForMs = 5_000;
const unknownMax = 20_000;
const foundMax = 100_000;

/** `listLive` reads the list of all valid secrets. It is called at most every five seconds, and only while the limits are reached. */
export function createGuessLimit(clock: Clock, listLive: () => Promise<readonly LiveSecret[]>): GuessLimit {
  const countTry = createTryLimit(clock, limits);
  const isLive = rememberLive(clock, listLive);
  const unknownUntilMs = new Map<string, number>();
  const found = new Map<string, true>();
  const loading = new Map<string, Promise<unknown>>();

  const loadOnce = async <T>({ name, address }: Guess, load: () => Promise<T | null> | T | null): Promise<T | null> => {
    const tried = found.has(name) ? null : countTry(address);
    if (tried !== null && tried.waitMs > 0 && !(await isLive(name)))
      throw new ApiError('RATE_LIMITED', { retryAfterMs: tried.waitMs, message: tooMany });
    const value = await giveBackOnFailure(tried?.giveBack, load);
    if (value === null) {
      found.delete(name);
      putNewest(unknownUntilMs, name, clock.monotonicMs() + unknownForMs, unknownMax);
      return null;
    }
    tried?.giveBack();
    putNewest(found, name, true, foundMax);
    return value;
  };

  return {
    async lookUp<T>(guess: Guess, load: () => Promise<T | null> | T | null) {
      if (clock.monotonicMs() < (unknownUntilMs.get(guess.name) ?? Number.NEGATIVE_INFINITY)) return null;
      // Known secrets are looked up each time, so that none outlives its end by the time of another caller's look-up.
      if (found.has(guess.name)) return loadOnce(guess, load);
      const pending = loading.get(guess.name) as Promise<T | null> | undefined;
      if (pending !== undefined) return pending;
      const started = loadOnce(guess, load).finally(() => loading.delete(guess.name));
      loading.set(guess.name, started);
      return started;
    },
    forget: () => unknownUntilMs.clear(),
  };
}

/** The name of a secret, for `Guess`. A secret of another kind has a name that is not on the list of the valid ones. */
export const guessName = (kind: LiveSecret['kind'], value: string): string => `${kind} ${value}`;

/** Whether a name is on the list of the valid secrets, which is at most five seconds old. */
function rememberLive(
  clock: Clock,
  listLive: () => Promise<readonly LiveSecret[]>,
): (name: string) => Promise<boolean> {
  let readAtMs = Number.NEGATIVE_INFINITY;
  let names: Promise<ReadonlySet<string>> = Promise.resolve(new Set<string>());
  const read = async (): Promise<ReadonlySet<string>> =>
    new Set((await listLive()).map(({ kind, value }) => guessName(kind, value)));
  return async (name) => {
    if (clock.monotonicMs() - readAtMs >= unknownForMs) {
      readAtMs = clock.monotonicMs();
      names = read();
    }
    return (await names).has(name);
  };
}

/** A store that does not answer tells nothing about the secret, so the caller may try again. */
async function giveBackOnFailure<T>(giveBack: (() => void) | undefined, load: () => Promise<T> | T): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    giveBack?.();
    throw cause;
  }
}

const tooMany =
  'Your network presented too many unknown credentials, or all networks together did. Check the credential, wait as long as Retry-After says, and try again.';
