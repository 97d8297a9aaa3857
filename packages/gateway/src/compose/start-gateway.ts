import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import { createTransport } from '../adapters/http/transport.ts';
import type { Config } from '../config/config.ts';
import { createErasures } from '../engine/directory/erasures.ts';
import { recordActivity } from '../engine/upkeep/record-activity.ts';
import { resealLoop } from '../engine/upkeep/reseal.ts';
import { setAsideLoop } from '../engine/upkeep/sweep-set-aside-files.ts';
import { listen } from '../http/listen.ts';
import type { Log } from '../observe/log.ts';
import { offerClaim } from '../operations/people/offer-claim.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Secret } from '../ports/secret.ts';
import { loadKeyPepper } from '../secrets/key-pepper.ts';
import type { MasterKeys } from '../secrets/master-key.ts';
import { createVault } from '../secrets/sealed.ts';
import { isBoundByPolicies, scopedPool } from '../store/database/scoped-pool.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import { installation } from '../store/installation.ts';
import { registerProcess, unregisterProcess } from '../store/processes.ts';
import { assertOpenable } from '../store/sealed-values.ts';
import { createStore, type Store, type StoreOptions } from '../store/store.ts';
import { buildApi } from './build-api.ts';
import { buildEngine } from './build-engine.ts';
import type { EngineParts } from './engine-parts.ts';
import { openJournals } from './open-journals.ts';
import { openProviders, type Providers } from './open-providers.ts';
import { watchProviders } from './watch-providers.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly pool: Pool;
  /** Whether no other process can use this database. Then flights of earlier processes are recovered at once. */
  readonly alone: boolean;
  readonly masterKeys: MasterKeys;
  readonly adminToken: Secret;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly decorate?: PortDecorator;
  /** The cost of one password digest, as a power of two. Only tests set it, because most of them need a cheap one. */
  readonly passwordCostBits?: number;
}

/** A layer between the engine and its ports. Only tests use it; no setting of the product does. */
export interface PortDecorator {
  store(store: Store): Store;
  providers(providers: Providers): Providers;
}

export interface Gateway {
  /** The address on which it listens; null with the role `work`. */
  readonly address: string | null;
  /** Stops accepting requests, waits for the sends in flight, and stops the loops. */
  close(): Promise<void>;
}

/** Builds the process from its parts and starts it: store, providers, engine, API. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, pool, clock, random, log, masterKeys, adminToken, decorate } = options;
  const { primary, others } = masterKeys;
  const vault = createVault(masterKeys);
  await assertOpenable(pool, [primary, ...others]);
  const keyPepper = await loadKeyPepper(installation(pool), vault, [primary, ...others]);
  const epoch = await registerProcess(pool, options.alone);
  const storeOptions = storeOptionsOf(config, epoch, keyPepper);
  const plainStore = createStore(pool, storeOptions);
  const storeOf = (workspaces: readonly string[]) => createStore(scopedPool(pool, workspaces), storeOptions);
  const isolatesWorkspaces = await isBoundByPolicies(pool);
  if (!isolatesWorkspaces)
    log.warn('store.superuser', { remedy: 'use a role in DATABASE_URL that is not a superuser' });
  const store = decorate?.store(plainStore) ?? plainStore;
  await waitForPartitions(store.retention.ensurePartitions, options);

  const journals = await openJournals({
    dataDir: config.dataDir,
    installationId: await installation(pool).readId(),
    epoch,
    log,
  });
  const transport = createTransport({ clock });
  await transport.selfTest();
  const plainProviders = openProviders({ config, store, transport, vault, clock, random });
  const activity = recordActivity({ store, clock });
  const providers = watchProviders(decorate?.providers(plainProviders) ?? plainProviders, activity, config.publicUrl);
  const shared = { config, store, epoch, providers, journals, clock, random, log };
  const otherKeyIds = others.map(({ id }) => id);
  const loops = [resealLoop({ store, vault, masterKeyId: primary.id, otherKeyIds, clock, log }), setAside(shared)];
  const { digestOf } = storeOptions;
  const erasures = createErasures({ listErasures: store.erasures.list, digestOf, clock });
  const engine = buildEngine({ ...shared, activity, loops, erasures, forgetKeys: () => api.forgetKeys() });
  const api = buildApi({
    ...shared,
    engine,
    vault,
    digestOf,
    erasures,
    masterKeys,
    adminToken,
    passwordCostBits: options.passwordCostBits,
    storeOf,
    isolatesWorkspaces,
  });

  // Listening can fail, so it comes first: nothing runs yet that would have to be stopped.
  const address = config.role === 'work' ? null : await listen(api.server, config);
  await engine.replayResults();
  if (address !== null) await offerClaim({ store: plainStore, random, log });
  // Before the first answer, so that a caller who asks about a message sees its recovered state.
  await store.flights.recover();
  engine.start();

  return {
    address,
    async close() {
      await api.close();
      await engine.stop();
      await journals.close();
      await transport.close();
      await unregisterProcess(pool, epoch);
    },
  };
}

const setAside = ({ journals, store, clock }: Pick<EngineParts, 'journals' | 'clock'> & { readonly store: Store }) =>
  setAsideLoop({ files: journals.setAside, store, clock });

function storeOptionsOf(config: Config, epoch: number, keyPepper: Buffer): StoreOptions {
  const { messagesDays, updatesDays, contactsDays } = config;
  const digestOf = (text: string): Buffer => createHmac('sha256', keyPepper).update(text).digest();
  return { epoch, retention: { messagesDays, updatesDays, contactsDays }, schedule: setImmediate, digestOf };
}

const partitionsRetryMs = 1_000;

/** The start waits for the partitions of today, because every send would fail without them. */
async function waitForPartitions(ensure: () => Promise<void>, { clock, log }: GatewayOptions): Promise<void> {
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
