import { createSlots } from '../../engine/lanes/slots.ts';
import type { PersonCredentials } from '../../ports/person-credentials.ts';
import type { Door } from './door.ts';
import { tooManyAtOnce } from './throttle.ts';

/** Each digest of a password takes 128 MiB: many attempts at once must not fill the memory. */
const strangersAtOnce = 2;
const knownAtOnce = 1;
/** With more strangers waiting, the last one would wait for longer than browsers and proxies do. */
const strangersMax = 40;

/** The same credentials, for callers through a door. */
export type CredentialsFor = (door: Door) => PersonCredentials;

/** The slow digests wait for each other. Known callers have a queue of their own, so that no crowd of strangers delays them. */
export function limitHashing(credentials: PersonCredentials): CredentialsFor {
  const strangers = { slots: createSlots(strangersAtOnce), lengthMax: strangersMax };
  const known = { slots: createSlots(knownAtOnce), lengthMax: Number.POSITIVE_INFINITY };
  const queued = (queue: typeof strangers): PersonCredentials => {
    const run = createBoundedRun(queue);
    return {
      ...credentials,
      digestOfPassword: (password) => run(() => credentials.digestOfPassword(password)),
      isPasswordOf: (digest, password) => run(() => credentials.isPasswordOf(digest, password)),
    };
  };
  const [forStrangers, forKnown] = [queued(strangers), queued(known)];
  return ({ kind }) => (kind === 'known' ? forKnown : forStrangers);
}

function createBoundedRun({
  slots,
  lengthMax,
}: {
  readonly slots: ReturnType<typeof createSlots>;
  readonly lengthMax: number;
}) {
  let length = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (length >= lengthMax) throw tooManyAtOnce();
    length += 1;
    try {
      return await slots.run(work);
    } finally {
      length -= 1;
    }
  };
}
