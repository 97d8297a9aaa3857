import { createSlots, type Slots } from '../../engine/lanes/slots.ts';
import type { PersonCredentials } from '../../ports/person-credentials.ts';
import type { Door } from './door.ts';
import { tooManyAtOnce } from './throttle.ts';

/** Each digest of a password takes 128 MiB: many attempts at once must not fill the memory. */
const strangersAtOnce = 2;
const knownAtOnce = 1;
/** With more strangers waiting, the last one would wait for longer than browsers and proxies do. */
const strangersMax = 40;
/** Of one person, in all their sessions and browsers. A person needs no more, and other callers wait behind them. */
const personMax = 5;

/** The same credentials, for callers through a door. */
export type CredentialsFor = (door: Door) => PersonCredentials;

/**
 * The slow digests wait for each other. Known callers have a queue of their own, so that no crowd of strangers delays them, and
 * each person has a few places in it.
 */
export function limitHashing(credentials: PersonCredentials): CredentialsFor {
  const strangers = createBoundedRun(createSlots(strangersAtOnce), strangersMax);
  const known = createBoundedRun(createSlots(knownAtOnce), personMax);
  return (door) => {
    const run = <T>(work: () => Promise<T>): Promise<T> =>
      door.kind === 'known' ? known(door.personId, work) : strangers('', work);
    return {
      ...credentials,
      digestOfPassword: (password) => run(() => credentials.digestOfPassword(password)),
      isPasswordOf: (digest, password) => run(() => credentials.isPasswordOf(digest, password)),
    };
  };
}

/** Throws RATE_LIMITED where as much work of this name waits or runs as may. */
function createBoundedRun(slots: Slots, lengthMax: number) {
  const lengths = new Map<string, number>();
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const length = lengths.get(name) ?? 0;
    if (length >= lengthMax) throw tooManyAtOnce();
    lengths.set(name, length + 1);
    try {
      return await slots.run(work);
    } finally {
      const left = (lengths.get(name) ?? 1) - 1;
      if (left === 0) lengths.delete(name);
      else lengths.set(name, left);
    }
  };
}
