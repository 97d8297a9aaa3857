import { createSlots, type Slots } from '../../engine/lanes/slots.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { countersOf, type Door, queueOf } from './door.ts';

export type ThrottleStore = StoreSlice<{ readonly loginFailures: 'take' | 'giveBack' | 'forget' }>;

/** Runs one attempt to prove an identity. `attempt` resolves with null for a failure. Throws RATE_LIMITED after too many failures. */
export type Throttle = <T>(door: Door, attempt: () => Promise<T | null>) => Promise<T | null>;

/** Attempts of one queue that may wait for each other. */
const queueLengthMax = 20;
const crowdedRetryMs = 5_000;

/** Counts failures for each door: failures at one door do not lock out a person who comes through another one. */
export function createThrottle(store: ThrottleStore): Throttle {
  const runInQueue = createQueues();
  return (door, attempt) => runInQueue(queueOf(door), () => countAttempt(store, door, attempt));
}

/**
 * Runs the attempts of one queue one after another. So each of many simultaneous attempts sees the failures of those before it.
 * Throws RATE_LIMITED when the queue is full.
 */
function createQueues(): <T>(name: string, run: () => Promise<T>) => Promise<T> {
  const queues = new Map<string, { readonly slots: Slots; length: number }>();
  return async (name, run) => {
    const queue = queues.get(name) ?? { slots: createSlots(1), length: 0 };
    if (queue.length >= queueLengthMax) throw tooManyAtOnce();
    queues.set(name, queue);
    queue.length += 1;
    try {
      return await queue.slots.run(run);
    } finally {
      queue.length -= 1;
      if (queue.length === 0) queues.delete(name);
    }
  };
}

/** The attempt counts as a failure until it is over: a process that ends in the middle of it gives no free guess. */
async function countAttempt<T>(
  { loginFailures }: ThrottleStore,
  door: Door,
  attempt: () => Promise<T | null>,
): Promise<T | null> {
  const counters = countersOf(door);
  const taken = await loginFailures.take(counters);
  if ('waitMs' in taken) throw new ApiError('RATE_LIMITED', { retryAfterMs: taken.waitMs, message: tooMany });
  let result: T | null;
  try {
    result = await attempt();
  } catch (cause) {
    // Nothing was judged: the machine was too busy, or the database away.
    await loginFailures.giveBack(taken.counted);
    throw cause;
  }
  const [ofAccount] = counters;
  if (result === null || ofAccount === undefined) return result;
  await loginFailures.giveBack(taken.counted);
  await loginFailures.forget(ofAccount.name);
  return result;
}

const tooMany = 'There were too many failed attempts. Wait as long as Retry-After says, and try again.';

export const tooManyAtOnce = (): ApiError =>
  new ApiError('RATE_LIMITED', {
    retryAfterMs: crowdedRetryMs,
    message: 'There are too many attempts at once. Wait as long as Retry-After says, and try again.',
  });
