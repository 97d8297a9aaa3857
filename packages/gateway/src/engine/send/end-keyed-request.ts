import type { EngineLog } from '../../ports/log.ts';
import type { KeyName, RequestEnd } from '../../store/idempotency.ts';
import type { StoreSlice } from '../../store/store.ts';
import { type StoreRetries, storeOrRetry } from './retry-until-stored.ts';

/**
 * Stores how a keyed request ended, and tries again until the store did it. The key stays claimed until then, so the request
 * cannot be carried out a second time. Never rejects.
 */
export async function endKeyedRequest(
  deps: {
    readonly store: StoreSlice<{ readonly idempotency: 'end' }>;
    readonly retryUntilStored: StoreRetries['retryUntilStored'];
    readonly log: EngineLog;
  },
  name: KeyName,
  requestId: string,
  end: RequestEnd,
): Promise<void> {
  await storeOrRetry(
    deps,
    `end of request ${requestId}`,
    () => deps.store.idempotency.end(name, requestId, end),
    (err) => deps.log.warn('key.unended', { err, requestId, route: name.route }),
  );
}
