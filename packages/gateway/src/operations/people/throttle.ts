import { createHash } from 'node:crypto';
import { ApiError } from '../api-error.ts';

export interface ThrottleStore {
  loginWaitMs(names: readonly string[]): Promise<number>;
  recordLoginFailure(name: string, free: number): Promise<void>;
  forgetLoginFailures(name: string): Promise<void>;
}

/** Failures without a wait: of one address at one account, and of one address at all of them. */
const freeOfAccount = 5;
const freeOfAddress = 20;

/** Runs a try of somebody to prove who they are; throws RATE_LIMITED where there were too many. `run` answers null for a failure. */
export async function throttled<T>(
  store: ThrottleStore,
  who: { readonly address: string; readonly account: string },
  run: () => Promise<T | null>,
): Promise<T | null> {
  // What people type into the field of the address may be their password.
  const account = `account:${createHash('sha256').update(`${who.account}|${who.address}`).digest('base64url')}`;
  const address = `address:${who.address}`;
  const waitMs = await store.loginWaitMs([account, address]);
  if (waitMs > 0) throw new ApiError('RATE_LIMITED', { retryAfterMs: waitMs, message: tooMany });
  const result = await run();
  if (result === null) {
    await store.recordLoginFailure(account, freeOfAccount);
    await store.recordLoginFailure(address, freeOfAddress);
  } else await store.forgetLoginFailures(account);
  return result;
}

const tooMany = 'There were too many failed attempts. Wait as long as Retry-After says, and try again.';
