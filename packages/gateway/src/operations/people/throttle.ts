import { createHash } from 'node:crypto';
import { createSlots, type Slots } from '../../engine/lanes/slots.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { networkOf } from './network-of.ts';

export type ThrottleStore = StoreSlice<{ readonly loginFailures: 'waitMs' | 'record' | 'forget' }>;

/** Runs a try of somebody to prove who they are; throws RATE_LIMITED where there were too many. `run` answers null for a failure. */
export type Throttle = <T>(
  who: { readonly address: string; readonly account: string },
  run: () => Promise<T | null>,
) => Promise<T | null>;

/** Failures without a wait: of one address at one account, and of one address at all of them. */
const freeOfAccount = 5;
const freeOfAddress = 20;
/** Tries of one address that wait for each other. */
const waitingMax = 20;
const crowdedMs = 5_000;

/** Counts failures by the address, and by the address and the account: nobody locks somebody else out from elsewhere. */
export function createThrottle(store: ThrottleStore): Throttle {
  const lines = new Map<string, { readonly slots: Slots; waiting: number }>();

  /** One try of an address after the other: of many at the same moment each knows how those before it ended. */
  async function inLine<T>(network: string, run: () => Promise<T>): Promise<T> {
    const line = lines.get(network) ?? { slots: createSlots(1), waiting: 0 };
    if (line.waiting >= waitingMax)
      throw new ApiError('RATE_LIMITED', { retryAfterMs: crowdedMs, message: tooManyAtOnce });
    lines.set(network, line);
    line.waiting += 1;
    try {
      return await line.slots.run(run);
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) lines.delete(network);
    }
  }

  return (who, run) => {
    const network = networkOf(who.address);
    // What people type into the field of the address may be their password.
    const account = `account:${createHash('sha256').update(`${who.account}|${network}`).digest('base64url')}`;
    const address = `address:${network}`;
    return inLine(network, async () => {
      const waitMs = await store.loginFailures.waitMs([account, address]);
      if (waitMs > 0) throw new ApiError('RATE_LIMITED', { retryAfterMs: waitMs, message: tooMany });
      const result = await run();
      if (result === null) {
        await store.loginFailures.record(account, freeOfAccount);
        await store.loginFailures.record(address, freeOfAddress);
      } else await store.loginFailures.forget(account);
      return result;
    });
  };
}

const tooMany = 'There were too many failed attempts. Wait as long as Retry-After says, and try again.';
const tooManyAtOnce = 'There are too many attempts at once. Wait as long as Retry-After says, and try again.';
