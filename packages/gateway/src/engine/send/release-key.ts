import type { EngineLog } from '../../ports/log.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { StoreSlice } from '../../store/store.ts';
import { type StoreRetries, storeOrRetry } from './retry-until-stored.ts';

/**
 * Releases a key, and tries again until the store did it. The fault that ended the request often hits its release too, and a
 * key that a living process seems to work with is refused to every caller. Never rejects.
 */
export async function releaseKey(
  deps: {
    readonly store: StoreSlice<{ readonly idempotency: 'release' }>;
    readonly retryUntilStored: StoreRetries['retryUntilStored'];
    readonly log: EngineLog;
  },
  name: KeyName,
  requestId: string,
): Promise<void> {
  await storeOrRetry(
    deps,
    `release of the key of request ${requestId}`,
    () => deps.store.idempotency.release(name, requestId),
    (err) => deps.log.warn('key.unreleased', { err, requestId, route: name.route }),
  );
}
