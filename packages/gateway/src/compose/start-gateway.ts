import type { Pool } from 'pg';
import { createEgressPolicy } from '../adapters/http/egress-policy.ts';
import { createTransport } from '../adapters/http/transport.ts';
import { connectableKinds } from '../adapters/registry.ts';
import { createTestPhones } from '../adapters/test/phones.ts';
import { withTestPhones } from '../adapters/test/transport.ts';
import { createWebhookClient } from '../adapters/webhooks/webhook-client.ts';
import type { Config } from '../config/config.ts';
import { allowedPrivateOrigins, configuredOrigins } from '../config/configured-origins.ts';
import { createErasures } from '../engine/directory/erasures.ts';
import { recordActivity } from '../engine/upkeep/record-activity.ts';
import { resealLoop } from '../engine/upkeep/reseal.ts';
import { setAsideLoop } from '../engine/upkeep/sweep-set-aside-files.ts';
import { createGuessLimit } from '../http/limit-guesses.ts';
import { listen } from '../http/listen.ts';
import type { Log } from '../observe/log.ts';
import { appSecrets } from '../operations/connections/apps.ts';
import { linksTo } from '../operations/messages/file-links.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { type JobBoard, noJobBoard } from '../ports/job-board.ts';
import type { Secret } from '../ports/secret.ts';
import type { MasterKeys } from '../secrets/master-key.ts';
import type { Vault } from '../secrets/sealed.ts';
import { createWebhookSecrets } from '../secrets/webhook-secrets.ts';
import { installation } from '../store/installation.ts';
import { unregisterProcess } from '../store/processes.ts';
import type { Store } from '../store/store.ts';
import { bindStoredSecrets } from './bind-stored-secrets.ts';
import { buildApi } from './build-api.ts';
import { buildEngine } from './build-engine.ts';
import { buildPeople } from './build-people.ts';
import { openJournals } from './open-journals.ts';
import { openProviders, type Providers } from './open-providers.ts';
import { type OpenedStore, openStore } from './open-store.ts';
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
  /** Where the jobs that run are shown. */
  readonly jobBoard?: JobBoard;
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

/** A transport of its own: endpoints share no connection with providers, and what the settings name for these is not open to them. */
function openWebhooks({ config, clock }: Pick<GatewayOptions, 'config' | 'clock'>, vault: Vault) {
  const transport = createTransport({ clock, policy: createEgressPolicy(allowedPrivateOrigins(config)) });
  const client = createWebhookClient({ transport, clock });
  return { client, secrets: createWebhookSecrets(vault), close: () => transport.close() };
}

/** The address of the gateway, as far as the settings say it. */
const baseUrlOf = ({ publicUrl, host, port }: GatewayOptions['config']): string =>
  publicUrl ?? `http://${host}:${port}`;

/** The secrets of the apps that the settings name. */
const configuredSecrets = (config: GatewayOptions['config'], inboxKinds: Providers['inboxKinds']) =>
  Object.values(connectableKinds(inboxKinds)).flatMap((kind) =>
    appSecrets({ kind, values: config.inboxes[kind.kind].app }),
  );

/** Seals again what was sealed with an older master key. */
function resealStored({ masterKeys, clock, log }: GatewayOptions, { store, vault }: OpenedStore) {
  const { primary, others } = masterKeys;
  const otherKeyIds = others.map(({ id }) => id);
  return resealLoop({ store, vault, masterKeyId: primary.id, otherKeyIds, clock, log });
}

/** Builds the process from its parts and starts it: store, providers, engine, API. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, pool, clock, random, log, masterKeys, adminToken, decorate, jobBoard = noJobBoard } = options;
  const opened = await openStore(options);
  const { store, plainStore, vault, trail, epoch, digestOf } = opened;
  const journals = await openJournals({
    dataDir: config.dataDir,
    installationId: await installation(pool).readId(),
    epoch,
    log,
  });
  const transport = createTransport({ clock, policy: createEgressPolicy(configuredOrigins(config)) });
  await transport.selfTest();
  const webhooks = openWebhooks(options, vault);
  const phones = createTestPhones({ clock, random, ...store.testMode });
  const basics = { config, store, epoch, clock, random, log };
  const plainProviders = openProviders({ ...basics, transport: withTestPhones(transport, phones), vault });
  const { inboxKinds } = plainProviders;
  const configured = configuredSecrets(config, inboxKinds);
  await bindStoredSecrets({ store: plainStore, vault, inboxKinds, configured, log });
  const activity = recordActivity({ store, clock });
  const providers = watchProviders(decorate?.providers(plainProviders) ?? plainProviders, activity, config.publicUrl);
  const guesses = createGuessLimit(clock, store.liveSecrets.list);
  const people = buildPeople({ ...options, ...opened, guesses });
  const linkTo = linksTo({ digestOf, baseUrl: baseUrlOf(config), nowMs: clock.nowMs });
  const shared = { ...people, ...basics, linkTo, webhooks, providers, journals, guesses };
  const loops = [
    resealStored(options, opened),
    trail.exportHeads(store),
    setAsideLoop({ files: journals.setAside, store, clock }),
  ];
  const erasures = createErasures({ listErasures: store.erasures.list, digestOf, clock });
  const engine = buildEngine({ ...shared, jobBoard, activity, loops, erasures, forgetKeys: () => api.forgetKeys() });
  const api = buildApi({
    ...shared,
    ...opened,
    engine,
    transport,
    lastEvent: store.events.last,
    phones,
    erasures,
    masterKeys,
    adminToken,
    recordedHeads: trail.recordedHeads,
  });

  // Listening can fail, so it comes first: nothing runs yet that would have to be stopped.
  const address = config.role === 'work' ? null : await listen(api.server, config);
  await engine.replayResults();
  if (address !== null) await people.offerClaim();
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
      await webhooks.close();
      await unregisterProcess(pool, epoch);
    },
  };
}
