import type { Random } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import { digestOfSecret } from './digest-of-secret.ts';

const claimMs = 60 * 60_000;

/**
 * While nobody has an account, each start shows a token once, in the log, with which the first owner is made within the hour. The
 * one of the start before counts no more. It stands in the log because that is what only operators read.
 */
export async function offerClaim(deps: {
  readonly store: StoreSlice<{ readonly people: 'exist' | 'storeInvitation' }>;
  readonly random: Random;
  readonly log: EngineLog;
}): Promise<void> {
  if (await deps.store.people.exist()) return;
  const token = `cfi_${Buffer.from(deps.random.bytes(32)).toString('base64url')}`;
  await deps.store.people.storeInvitation({ digest: digestOfSecret(token), personId: null, lifeMs: claimMs });
  deps.log.info('installation.unclaimed', { claimToken: token, minutes: claimMs / 60_000, use: 'POST /api/v1/claim' });
}
