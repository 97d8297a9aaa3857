import type { Random } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import { digestSecret } from './digest-secret.ts';
import { drawSecret } from './draw-secret.ts';

const claimLifeMs = 60 * 60_000;

/**
 * While nobody has an account, each start writes a token to the log. It creates the first owner, once and within one hour. It
 * replaces the token of the start before. The token is shown in the log because only operators read the log.
 */
export async function offerClaim(deps: {
  readonly store: StoreSlice<{ readonly people: 'exist' | 'storeInvitation' }>;
  readonly random: Random;
  readonly log: EngineLog;
}): Promise<void> {
  if (await deps.store.people.exist()) return;
  const token = drawSecret(deps.random, 'cfi_');
  await deps.store.people.storeInvitation({ digest: digestSecret(token), personId: null, lifeMs: claimLifeMs });
  deps.log.info('installation.unclaimed', {
    claimToken: token,
    minutes: claimLifeMs / 60_000,
    use: 'POST /api/v1/claim',
  });
}
