import { createHmac, hkdfSync } from 'node:crypto';
import type { InboxInput } from '@chatferry/contract';
import type { Pool } from 'pg';
import { createTransport } from './adapters/http/transport.ts';
import { inboxKinds, openInbox } from './adapters/registry.ts';
import { createTelegram } from './adapters/telegram/channel.ts';
import type { Config } from './config.ts';
import { answerAutomatically } from './engine/answer-automatically.ts';
import { applyUpdate } from './engine/apply-update.ts';
import { type DeliveryRequest, deliver } from './engine/deliver.ts';
import { createDirectory } from './engine/directory.ts';
import { createFindLostFlights } from './engine/find-lost-flights.ts';
import { createHoldLane } from './engine/hold-lane.ts';
import { retentionLoop, signsOfLife } from './engine/housekeeping.ts';
import { createInsistence } from './engine/insistence.ts';
import { createLaneGate } from './engine/lane-gate.ts';
import { createMarkHealth } from './engine/mark-health.ts';
import { mirrorMessage } from './engine/mirror.ts';
import { noteActivity } from './engine/note-activity.ts';
import { pollers } from './engine/pollers.ts';
import { reconcileLoop } from './engine/reconcile.ts';
import { relayReplies } from './engine/relay.ts';
import { createReleaseKey } from './engine/release-key.ts';
import { createSupervisor } from './engine/supervisor.ts';
import { watchChanges } from './engine/watch-changes.ts';
import { createWorker, leaseMs, renewAfterMs } from './engine/worker.ts';
import { createAuthenticator } from './http/authenticate.ts';
import { buildServer } from './http/server.ts';
import { listen } from './listen.ts';
import type { Log } from './observe/log.ts';
import { ApiError } from './operations/api-error.ts';
import { channelHandlers } from './operations/channels/channels.ts';
import { unsealToken, unsealWebhookSecret } from './operations/channels/seal-channel.ts';
import { createIdempotency } from './operations/idempotency.ts';
import { keyHandlers } from './operations/keys/keys.ts';
import { messageHandlers } from './operations/messages/messages.ts';
import { createRateLimit } from './operations/rate-limit.ts';
import { sendTelegramInteractive } from './operations/send-telegram-interactive/handler.ts';
import { validateTelegramInteractive } from './operations/validate-telegram-interactive.ts';
import { sealInbox, unsealInbox } from './operations/workspaces/seal-inbox.ts';
import { inboxHookUrl, workspaceHandlers } from './operations/workspaces/workspaces.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { Secret } from './ports/secret.ts';
import { createTakeIn } from './receive/take-in.ts';
import { createTakeInInboxEvent } from './receive/take-in-inbox-event.ts';
import type { ChannelRecord } from './store/channels.ts';
import type { MirrorMessage } from './store/mirror.ts';
import { registerProcess, signOfLifeMs, unregisterProcess } from './store/processes.ts';
import { createVault, type VaultKey } from './store/sealed.ts';
import { createStore } from './store/store.ts';
import { isStoreAway } from './store/store-away.ts';
import type { WorkspaceRecord } from './store/workspaces.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly pool: Pool;
  /** No other process can use this database: what an earlier one left in flight is judged at once. */
  readonly alone: boolean;
  readonly masterKey: VaultKey;
  readonly adminToken: Secret;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Gateway {
  /** Where it listens; null where it only works. */
  readonly address: string | null;
  /** Stops taking requests, lets what is on the wire end, stops the loops. */
  close(): Promise<void>;
}

/** Builds the process from its parts and starts it: store, adapters, engine, operations, HTTP. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, pool, clock, random, log } = options;
  const epoch = await registerProcess(pool, options.alone);
  const store = createStore(pool, {
    epoch,
    retention: { messagesDays: config.messagesDays, updatesDays: config.updatesDays },
    schedule: setImmediate,
  });
  await store.ensurePartitions();

  const transport = createTransport({ clock });
  await transport.selfTest();
  const kind = createTelegram({ transport });
  const vault = createVault({ primary: options.masterKey, others: [] });

  const openChannel = (record: ChannelRecord) =>
    kind.open({ token: unsealToken(vault, record), apiRoot: record.apiRoot, fileRoot: record.fileRoot });
  const openWith = (
    input: InboxInput,
    of: Pick<WorkspaceRecord, 'defaultSender'> & { readonly webhookUrl: string | null },
    onCredentialChanged: (changed: InboxInput) => Promise<void>,
  ) =>
    openInbox(withDefaults(config, input), {
      transport,
      clock,
      webhookUrl: of.webhookUrl,
      defaultSender: of.defaultSender,
      onCredentialChanged,
    });
  const openRecord = (record: WorkspaceRecord) => {
    const webhookUrl = config.publicUrl === null ? null : inboxHookUrl(config.publicUrl, record);
    const { defaultSender } = record;
    return openWith(unsealInbox(vault, record), { defaultSender, webhookUrl }, async (changed) => {
      const { inboxCredential } = sealInbox(vault, record.id, changed);
      await store.updateWorkspace(record.id, { inboxCredential });
    });
  };

  const changes = watchChanges({ readChangeVersion: store.readChangeVersion, onChange: () => onChange(), clock });
  const directory = createDirectory({ ...store, openChannel, openInbox: openRecord }, clock, changes.ttlMs);
  const activity = noteActivity({ store, clock });
  const marked = { ...store, ...createMarkHealth({ store, log, onChange: directory.refresh }) };
  const gate = createLaneGate(config.laneWaitersMax);
  const supervisor = createSupervisor(clock, log);
  const { insist, isInsisting } = createInsistence(supervisor);
  // A key that could not be given back would be refused to everybody for as long as this process lives.
  const claiming = { ...store, releaseKey: createReleaseKey({ store, insist, log }) };

  const holdLane = createHoldLane({ store, clock, leaseMs, everyMs: renewAfterMs });
  const noteEntry = ({ key: { workspaceId, channelId } }: MirrorMessage) =>
    activity.mark({ workspaceId, ownerId: channelId, leg: 'entry' });
  const mirror = mirrorMessage({
    store: {
      ...marked,
      async recordMirrored(...row) {
        await store.recordMirrored(...row);
        noteEntry(row[0]);
      },
      async recordPartMirrored(...row) {
        await store.recordPartMirrored(...row);
        noteEntry(row[0]);
      },
    },
    directory,
    holdLane,
  });
  const deliverOnce = async (request: DeliveryRequest) => {
    const delivery = await deliver(
      {
        store: marked,
        gate,
        clock,
        random,
        kind,
        log: {
          attempted: (fields) => log.debug('delivery.attempted', fields),
          failed: (fields) => log.error('delivery.failed', fields),
        },
        onResult: () => worker.wake(),
        insist,
      },
      request,
    );
    const { workspaceId, channelId } = request.intent;
    if (delivery.kind === 'sent') activity.mark({ workspaceId, ownerId: channelId, leg: 'sent' });
    return delivery;
  };
  const relay = relayReplies({
    store: claiming,
    directory,
    channelKind: kind,
    inboxKinds,
    deliver: deliverOnce,
    holdLane,
    clock,
    random,
    epoch,
  });
  const worker = createWorker({
    store,
    handlers: {
      mirror,
      update: applyUpdate({ store, kind, directory, mirror, clock }),
      'inbox-event': relay,
      automatic: answerAutomatically({ store: claiming, directory, kind, deliver: deliverOnce, clock, random, log, epoch }),
    },
    clock,
    random,
    log,
    lanesMax: config.workerLanesMax,
  });
  const takeIn = createTakeIn({
    store,
    kind,
    log,
    onStored({ record: { id, workspaceId } }) {
      activity.mark({ workspaceId, ownerId: id, leg: 'update' });
      worker.wake();
    },
  });
  const takeInInboxEvent = createTakeInInboxEvent({
    store,
    inboxKinds,
    onStored({ record: { id } }) {
      activity.mark({ workspaceId: id, ownerId: id, leg: 'event' });
      worker.wake();
    },
  });
  const polling = pollers({ store: marked, directory, takeIn, clock, log });

  const reconciling = reconcileLoop({
    store: marked,
    directory,
    inboxKinds,
    clock,
    log,
    everyMs: config.reconcileEverySeconds * 1000,
    onFound: worker.wake,
  });

  const digestOf = createDigest(options.masterKey);
  const authenticator = createAuthenticator({
    readKeyByDigest: store.readKeyByDigest,
    recordKeyUse: (keyId, address) => {
      store.recordKeyUse(keyId, address).catch((err: unknown) => log.warn('key_use.unrecorded', { err, keyId }));
    },
    digestOf,
    adminToken: options.adminToken,
    ttlMs: changes.ttlMs,
    clock,
  });
  const onChange = () => {
    directory.refresh();
    authenticator.refresh();
    polling.lookAround();
  };

  const idempotency = createIdempotency({ store: claiming, vault, epoch });
  const rateLimit = createRateLimit(clock);
  const defaultLimit = { perSecond: config.keyRatePerSecond, burst: config.keyRateBurst };
  const management = { store, vault, clock, random, digestOf, defaultLimit, onChange };
  const { deleteChannelsOf, ...channels } = channelHandlers({
    ...management,
    defaults: { apiRoot: config.telegramApiRoot, fileRoot: config.telegramFileRoot ?? config.telegramApiRoot },
    publicUrl: config.publicUrl,
    openBot: kind.open,
    openRecord: openChannel,
    openInbox: openRecord,
    inboxKinds,
  });

  const server = buildServer({
    handlers: {
      sendTelegramInteractive: sendTelegramInteractive({
        directory,
        kind,
        clock,
        epoch,
        rateLimit,
        idempotency,
        callerWaitMs: config.callerWaitMs,
        deliver: deliverOnce,
      }),
      validateTelegramInteractive: validateTelegramInteractive({ rateLimit }),
      ...messageHandlers({ store, rateLimit }),
      ...workspaceHandlers({
        ...management,
        tryInbox: (input, defaultSender) => openWith(input, { defaultSender, webhookUrl: null }, async () => undefined),
        deleteChannelsOf,
        publicUrl: config.publicUrl,
      }),
      ...channels,
      ...keyHandlers(management),
      getHealth: async () => ({ status: 'ok' }),
      getReadiness: async () => {
        await assertReady(store.ping, supervisor.ailing);
        return { status: 'ok' };
      },
    },
    authenticator,
    idempotency,
    hooks: {
      directory,
      kind,
      secretOf: ({ record }) => unsealWebhookSecret(vault, record),
      takeIn,
      inboxKinds,
      inputOf: ({ record }) => unsealInbox(vault, record),
      publicUrl: config.publicUrl,
      clock,
      takeInInboxEvent,
    },
    log,
    random,
    isStoreAway,
    trustedProxies: config.trustedProxies,
  });

  // Listening can fail, and is first: nothing runs yet that would have to be stopped.
  const address = config.role === 'work' ? null : await listen(server, config);
  // Who asks about a message right after the start gets the judgement, not the state before it.
  await store.recoverFlights();
  supervisor.start(changes);
  supervisor.start(activity);
  const findLostFlights = createFindLostFlights({
    readOwnFlights: () => store.readOwnFlights(epoch),
    isHeld: (channelId, chatId) => gate.isHeld(`${channelId}:${chatId}`),
    isInsisting,
  });
  supervisor.start(signsOfLife({ store, clock, log, epoch, everyMs: signOfLifeMs, findLostFlights }));
  supervisor.start(retentionLoop({ store, clock }));
  if (config.role !== 'serve') supervisor.start({ name: 'worker', run: worker.run });
  if (config.role !== 'serve') supervisor.start(polling);
  if (config.role !== 'serve') supervisor.start(reconciling);

  return {
    address,
    async close() {
      await server.close();
      await supervisor.stop();
      await transport.close();
      await unregisterProcess(pool, epoch);
    },
  };
}

/** Keys are stored as HMAC-SHA-256 under a key derived from the master key. */
function createDigest(masterKey: VaultKey): (secret: string) => Buffer {
  const pepper = Buffer.from(hkdfSync('sha256', masterKey.key, '', 'chatferry api key digest', 32));
  return (secret) => createHmac('sha256', pepper).update(secret).digest();
}

/** The base addresses of the process, for inboxes that name none. */
function withDefaults(config: Config, input: InboxInput): InboxInput {
  const baseUrl = input.kind === 'intercom' ? config.intercomBaseUrl : config.hubspotBaseUrl;
  return input.base_url !== undefined || baseUrl === null ? input : { ...input, base_url: baseUrl };
}

async function assertReady(ping: () => Promise<void>, ailing: () => readonly string[]): Promise<void> {
  const down = ailing();
  const details = down.map((name) => ({ pointer: '', message: `${name} is down and is being started again` }));
  try {
    await ping();
  } catch (cause) {
    details.push({ pointer: '', message: 'the database does not answer' });
    throw new ApiError('UNAVAILABLE', { details, retryAfterMs: 1_000, cause });
  }
  if (details.length > 0) throw new ApiError('UNAVAILABLE', { details, retryAfterMs: 1_000 });
}
