import { createHash } from 'node:crypto';
import { createSlots, type Slots } from '../../engine/lanes/slots.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { networkOf } from './network-of.ts';

export type ThrottleStore = StoreSlice<{ readonly loginFailures: 'waitMs' | 'record' | 'forget' }>;

/** Runs one attempt to prove an identity. `attempt` resolves with null for a failure. Throws RATE_LIMITED after too many failures. */
export type Throttle = <T>(
  who: { readonly address: string; readonly account: string },
  attempt: () => Promise<T | null>,
) => Promise<T | null>;

/** Failures before the first wait: from one address for one account, and from one address for all accounts. */
const freeFailuresOfAccount = 5;
const freeFailuresOfAddress = 20;
/** Attempts of one address that may wait for each other. */
const queueLengthMax = 20;
const crowdedRetryMs = 5_000;

/** Counts failures for each address, and for each pair of address and account: nobody can lock out a person who signs in from elsewhere. */
export function createThrottle(store: ThrottleStore): Throttle {
  const runInQueue = createQueues();
  return (who, attempt) => {
    const network = networkOf(who.address);
    return runInQueue(network, () => countAttempt(store, countersOf(network, who.account), attempt));
  };
}

/**
 * Runs the attempts of one address one after another. So each of many simultaneous attempts sees the failures of those before
 * it. Throws RATE_LIMITED when the queue of the address is full.
 */
function createQueues(): <T>(network: string, run: () => Promise<T>) => Promise<T> {
  const queues = new Map<string, { readonly slots: Slots; length: number }>();
  return async (network, run) => {
    const queue = queues.get(network) ?? { slots: createSlots(1), length: 0 };
    if (queue.length >= queueLengthMax)
      throw new ApiError('RATE_LIMITED', { retryAfterMs: crowdedRetryMs, message: tooManyAtOnce });
    queues.set(network, queue);
    queue.length += 1;
    try {
      return await queue.slots.run(run);
    } finally {
      queue.length -= 1;
      if (queue.length === 0) queues.delete(network);
    }
  };
}

interface Counters {
  readonly account: string;
  readonly address: string;
}

function countersOf(network: string, account: string): Counters {
  // The account is hashed because people sometimes type their password into the e-mail field.
  const digest = createHash('sha256').update(`${account}|${network}`).digest('base64url');
  return { account: `account:${digest}`, address: `address:${network}` };
}

async function countAttempt<T>(
  { loginFailures }: ThrottleStore,
  { account, address }: Counters,
  attempt: () => Promise<T | null>,
): Promise<T | null> {
  const waitMs = await loginFailures.waitMs([account, address]);
  if (waitMs > 0) throw new ApiError('RATE_LIMITED', { retryAfterMs: waitMs, message: tooMany });
  const result = await attempt();
  if (result === null) {
    await loginFailures.record(account, freeFailuresOfAccount);
    await loginFailures.record(address, freeFailuresOfAddress);
  } else await loginFailures.forget(account);
  return result;
}

const tooMany = 'There were too many failed attempts. Wait as long as Retry-After says, and try again.';
const tooManyAtOnce = 'There are too many attempts at once. Wait as long as Retry-After says, and try again.';
