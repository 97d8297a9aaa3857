import { createFairQueue } from '../http/fair-queue.ts';
import type { ChannelSetupDeps } from '../operations/connections/channel-setup.ts';
import { networkOf, wideNetworkOf } from '../operations/people/network-of.ts';
import type { Deadlines } from '../ports/deadlines.ts';

const waitMaxMs = 15_000;

/**
 * The turns of those who connect a bot from the settings of an inbox. Each try may cost calls to two providers, and anyone can name
 * any account. A network has one try under way, so that a few networks leave places in the queue of an account. An account
 * has two under way, so that tries for one account leave places to the others.
 */
export function queueSetups(deadlines: Pick<Deadlines, 'after'>): ChannelSetupDeps['inTurn'] {
  const ofNetwork = createFairQueue({
    atOnce: Number.POSITIVE_INFINITY,
    atOncePerTenant: 1,
    waitingMax: 1_000,
    waitingMaxPerTenant: 10,
    waitMaxMs,
    deadlines,
  });
  const ofAccount = createFairQueue({
    atOnce: 8,
    atOncePerTenant: 2,
    waitingMax: 200,
    waitingMaxPerTenant: 20,
    waitMaxMs,
    deadlines,
  });
  return ({ account, address }, work) =>
    ofNetwork.run(wideNetworkOf(address) ?? networkOf(address), () => ofAccount.run(account, work));
}
