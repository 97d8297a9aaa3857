import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';

export type ResealStore = StoreSlice<{ readonly sealedValues: 'listSealedWithOtherKeys' | 'replace' }>;

/** How many values of each column are read at once. */
const batchMax = 100;
/** The wait between two rounds: a replica that was started with the earlier key may still seal values with it. */
const everyMs = 60_000;

/**
 * Seals with this master key every value that another one sealed, while the gateway works. It can be stopped at any moment and
 * continued later: a value is replaced only if it is still the one that was read. Resolves with the number of replaced values.
 */
export async function resealAll(store: ResealStore, vault: Vault, keyId: string): Promise<number> {
  for (let count = 0; ; ) {
    const values = await store.sealedValues.listSealedWithOtherKeys(keyId, batchMax);
    if (values.length === 0) return count;
    for (const value of values) {
      const context = value.column.contextOf(...value.key);
      if (await store.sealedValues.replace(value, vault.seal(vault.open(value.sealed, context), context))) count += 1;
    }
  }
}

/** Seals again until the process ends, and logs when the other keys may be removed. */
export function resealLoop(deps: {
  readonly store: ResealStore;
  readonly vault: Vault;
  readonly masterKeyId: string;
  readonly otherKeyIds: readonly string[];
  readonly clock: Clock;
  readonly log: EngineLog;
}): Loop {
  const { store, vault, masterKeyId, otherKeyIds, clock, log } = deps;
  return {
    name: 'reseal',
    async run(signal) {
      for (let isFirst = true; !signal.aborted && otherKeyIds.length > 0; isFirst = false) {
        const count = await resealAll(store, vault, masterKeyId);
        if (isFirst || count > 0) log.info('master_key.changed', { resealed: count, removable: otherKeyIds });
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
