import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import { createTransport } from '../adapters/http/transport.ts';
import type { Config } from '../config/config.ts';
import { createErasures } from '../engine/directory/erasures.ts';
import { noteActivity } from '../engine/upkeep/record-activity.ts';
import { resealLoop } from '../engine/upkeep/reseal.ts';
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
import { readInstallationId } from '../store/installation.ts';
import { registerProcess, unregisterProcess } from '../store/processes.ts';
import { assertOpenable } from '../store/sealed-values.ts';
import { createStore, type Store } from '../store/store.ts';
import { buildApi } from './build-api.ts';
import { buildEngine } from './build-engine.ts';
import { openJournals } from './open-journals.ts';
import { openProviders, type Providers } from './open-providers.ts';
import { watchLegs } from './watch-legs.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly pool: Pool;
  /** No other process can use this database: what an earlier one left in flight is judged at once. */
  readonly alone: boolean;
  readonly masterKeys: MasterKeys;
  readonly adminToken: Secret;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly decorate?: PortDecorator;
  /** The cost of one password digest. Only for tests, most of which need a cheap one: the product gives none. */
  readonly passwordCostBits?: number;
}

/** Stands between the engine and what it talks to. Only for tests: no setting of the product leads here. */
export interface PortDecorator {
  store(store: Store): Store;
  providers(providers: Providers): Providers;
}

export interface Gateway {
  /** Where it listens; null where it only works. */
  readonly address: string | null;
  /** Stops taking requests, lets what is on the wire end, stops the loops. */
  close(): Promise<void>;
}

/** Builds the process from its parts and starts it: store, providers, engine, API. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, pool, clock, random, log, masterKeys, adminToken, decorate } = options;
  const { primary, others } = masterKeys;
  const vault = createVault(masterKeys);
  await assertOpenable(pool, [primary, ...others]);
  const keyPepper = await loadKeyPepper(pool, vault, [primary, ...others]);
  const epoch = await registerProcess(pool, options.alone);
  const storeOptions = {
    epoch,
    retention: {
      messagesDays: config.messagesDays,
      updatesDays: config.updatesDays,
      contactsDays: config.contactsDays,
    },
    schedule: setImmediate,
  };
  const plainStore = createStore(pool, storeOptions);
  const storeOf = (workspaces: readonly string[]) => createStore(scopedPool(pool, workspaces), storeOptions);
  const isolatesWorkspaces = await isBoundByPolicies(pool);
  if (!isolatesWorkspaces) log.warn('store.superuser', { remedy: 'give DATABASE_URL a role that is no superuser' });
  const store = decorate?.store(plainStore) ?? plainStore;
  await untilPartitioned(store.retention.ensurePartitions, options);

  const journals = await openJournals({
    dataDir: config.dataDir,
    installationId: await readInstallationId(pool),
    epoch,
    log,
  });
  const transport = createTransport({ clock });
  await transport.selfTest();
  const plainProviders = openProviders({ config, store, transport, vault, clock, random });
  const activity = noteActivity({ store, clock });
  const providers = watchLegs(decorate?.providers(plainProviders) ?? plainProviders, activity, config.publicUrl);
  const shared = { config, store, epoch, providers, journals, clock, random, log };
  const otherKeyIds = others.map(({ id }) => id);
  const loops = [resealLoop({ store, vault, masterKeyId: primary.id, otherKeyIds, clock, log })];
  const digestOf = (text: string): Buffer => createHmac('sha256', keyPepper).update(text).digest();
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

  // Listening can fail, and is first: nothing runs yet that would have to be stopped.
  const address = config.role === 'work' ? null : await listen(api.server, config);
  await engine.replayResults();
  if (address !== null) await offerClaim({ store: plainStore, random, log });
  // Who asks about a message right after the start gets the judgement, not the state before it.
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

const partitionsRetryMs = 1_000;

/** A start waits for the partitions of today: without them every send would fail. */
async function untilPartitioned(ensure: () => Promise<void>, { clock, log }: GatewayOptions): Promise<void> {
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
