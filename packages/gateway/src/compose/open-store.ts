import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import type { Config } from '../config/config.ts';
import { eventsDaysOf } from '../config/events-days.ts';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../ports/clock.ts';
import { loadKeyPepper } from '../secrets/key-pepper.ts';
import type { MasterKeys } from '../secrets/master-key.ts';
import { createVault, type Vault } from '../secrets/sealed.ts';
import { isBoundByPolicies, scopedPool } from '../store/database/scoped-pool.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import { settleEventEra } from '../store/events.ts';
import { installation } from '../store/installation.ts';
import { registerProcess } from '../store/processes.ts';
import { assertOpenable } from '../store/sealed-values.ts';
import { createStore, type Store } from '../store/store.ts';
import { type AuditTrail, openAuditTrail } from './open-audit-trail.ts';

export interface StoreParts {
  readonly config: Config;
  readonly pool: Pool;
  readonly alone: boolean;
  readonly masterKeys: MasterKeys;
  readonly clock: Clock;
  readonly log: Log;
  readonly decorate?: { store(store: Store): Store } | undefined;
}

/** The database as the process uses it, with the keys that protect what it contains. */
export interface OpenedStore {
  readonly vault: Vault;
  readonly trail: AuditTrail;
  /** The number of this process in the database. */
  readonly epoch: number;
  /** The same in every replica, also after a change of the master key. */
  readonly keyPepper: Buffer;
  readonly digestOf: (text: string) => Buffer;
  readonly store: Store;
  /** The store without the layer that tests add. */
  readonly plainStore: Store;
  readonly storeOf: (workspaces: readonly string[]) => Store;
  /** Whether the database keeps workspaces apart for the role that it is used with. */
  readonly isolatesWorkspaces: boolean;
}

/** Opens the database and registers the process in it. */
export async function openStore(parts: StoreParts): Promise<OpenedStore> {
  const { config, pool, masterKeys, clock, decorate } = parts;
  const keys = [masterKeys.primary, ...masterKeys.others];
  const vault = createVault(masterKeys);
  await assertOpenable(pool, keys);
  const keyPepper = await loadKeyPepper(installation(pool), vault, keys);
  const digestOf = (text: string): Buffer => createHmac('sha256', keyPepper).update(text).digest();
  const trail = await openAuditTrail(parts, vault);
  await settleEventEra(pool);
  const epoch = await registerProcess(pool, parts.alone);
  const { messagesDays, updatesDays, contactsDays } = config;
  const retention = { messagesDays, updatesDays, eventsDays: eventsDaysOf(config), contactsDays };
  const options = { epoch, retention, chain: trail.chain, clock, schedule: setImmediate, digestOf };
  const plainStore = createStore(pool, options);
  const store = decorate?.store(plainStore) ?? plainStore;
  const isolatesWorkspaces = await checkIsolation(parts);
  await waitForPartitions(store.retention.ensurePartitions, parts);
  const storeOf = (workspaces: readonly string[]) => createStore(scopedPool(pool, workspaces), options);
  return { vault, trail, epoch, keyPepper, digestOf, store, plainStore, storeOf, isolatesWorkspaces };
}

/** Whether the database keeps workspaces apart. If not, this logs what to do. */
async function checkIsolation({ pool, log }: StoreParts): Promise<boolean> {
  const isolates = await isBoundByPolicies(pool);
  if (!isolates) log.warn('store.superuser', { remedy: 'use a role in DATABASE_URL that is not a superuser' });
  return isolates;
}

const partitionsRetryMs = 1_000;

/** The start waits for the partitions of today, because every send would fail without them. */
async function waitForPartitions(ensure: () => Promise<void>, { clock, log }: StoreParts): Promise<void> {
  for (;;) {
    try {
      await ensure();
      return;
    } catch (err) {
      if (isStoreAway(err)) throw err;
      log.warn('partitions.awaited', { err, retryMs: partitionsRetryMs });
      await clock.sleep(partitionsRetryMs);
    }
  }
}
