import type { FailureCounter } from '../../store/login-failures.ts';
import { networkOf } from './network-of.ts';

/** How a caller comes to prove an identity. Failures are counted for each door separately. */
export type Door =
  /** Nothing is known of the caller but the address. */
  | {
      readonly kind: 'stranger';
      readonly address: string;
      /** The address is that of a proxy, so that many callers have it. */
      readonly sharesAddress: boolean;
      /** Whom the caller claims to be. */
      readonly account: string;
    }
  /** The caller has shown something that no stranger has: a session, a device cookie, an invitation. */
  | {
      readonly kind: 'known';
      readonly id: string;
      /** Whose door it is: a person has several. */
      readonly personId: string;
      readonly address: string;
    };

const freeFailuresOfAccount = 5;
const freeFailuresOfAddress = 20;

/**
 * What the failures of a door are counted under. Strangers are counted by network, and by network and account. Strangers behind
 * one proxy have its address, so their network is not counted: one of them would lock out all.
 */
export function countersOf(door: Door): readonly FailureCounter[] {
  if (door.kind === 'known') return [{ name: `known:${door.id}`, freeFailures: freeFailuresOfAccount }];
  const network = networkOf(door.address);
  const ofAccount = { name: `account:${door.account}|${network}`, freeFailures: freeFailuresOfAccount };
  return door.sharesAddress
    ? [ofAccount]
    : [ofAccount, { name: `address:${network}`, freeFailures: freeFailuresOfAddress }];
}

/** The attempts of one queue run one after another. */
export const queueOf = (door: Door): string => countersOf(door).at(-1)?.name ?? '';
