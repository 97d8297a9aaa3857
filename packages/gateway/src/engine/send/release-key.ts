import type { EngineLog } from '../../ports/log.ts';
import type { KeyName } from '../../store/idempotency.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { DeliveryDeps } from './deliver.ts';

export type ReleaseKey = (name: KeyName, requestId: string) => Promise<void>;

/**
 * Gives a key back, and where the store fails goes on until it did: the fault that ended the request often meets its release
 * too, and a key that a living process seems to be at work with is refused to everybody. Never rejects.
 */
export function createReleaseKey(deps: {
  readonly store: StoreSlice<{ readonly idempotency: 'release' }>;
  readonly insist: DeliveryDeps['insist'];
  readonly log: EngineLog;
}): ReleaseKey {
  const { store, insist, log } = deps;
  return async (name, requestId) => {
    const release = () => store.idempotency.release(name, requestId);
    try {
      await release();
    } catch (cause) {
      log.warn('key.unreleased', { err: cause, requestId, route: name.route });
      insist(`release of the key of request ${requestId}`, release);
    }
  };
}
