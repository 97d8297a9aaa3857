import { hkdfSync } from 'node:crypto';
import type { Handlers } from '@chatferry/contract';
import { createFetch } from '../adapters/http/fetch-over-transport.ts';
import { createOpenFile } from '../adapters/http/open-file.ts';
import type { Transport } from '../adapters/http/transport.ts';
import { createOpenIdConnect } from '../adapters/identity/openid-connect.ts';
import { connectableKinds, mapInboxKinds } from '../adapters/registry.ts';
import type { Config } from '../config/config.ts';
import { eventsDaysOf } from '../config/events-days.ts';
import { createFileBudget } from '../core/memory/file-budget.ts';
import type { OpenChannel } from '../engine/directory/directory.ts';
import type { Erasures } from '../engine/directory/erasures.ts';
import { fileBudgetLimits, fileLimits, patientLimits } from '../engine/mirror/mirror-files.ts';
import { StartError } from '../errors/start-error.ts';
import { type Authenticator, createAuthenticator } from '../http/authenticate.ts';
import type { FileLinkRoutes } from '../http/bind-file-links.ts';
import { createFairQueue, type FairQueue } from '../http/fair-queue.ts';
import type { GuessLimit } from '../http/limit-guesses.ts';
import { createRefusalLimit } from '../http/limit-refusals.ts';
import { buildServer, type ServerDeps } from '../http/server.ts';
import type { ProxyWatch } from '../http/watch-proxies.ts';
import type { Log } from '../observe/log.ts';
import { alarmHandlers } from '../operations/alarms/alarm-handlers.ts';
import { ApiError } from '../operations/api-error.ts';
import { type AuditDeps, auditHandlers } from '../operations/audit/audit-handlers.ts';
import { bindHandlers } from '../operations/bind-handlers.ts';
import { channelHandlers } from '../operations/channels/channel-handlers.ts';
import { deleteChannelsOf } from '../operations/channels/delete-channel.ts';
import { unsealWebhookSecret } from '../operations/channels/seal-channel.ts';
import { chatHandlers } from '../operations/chats/chat-handlers.ts';
import { createBrowserFlow } from '../operations/connections/browser-flow.ts';
import { createChannelSetup } from '../operations/connections/channel-setup.ts';
import { connectionHandlers } from '../operations/connections/connection-handlers.ts';
import { createStates } from '../operations/connections/state.ts';
import type { RequestContext } from '../operations/context.ts';
import { customerHandlers } from '../operations/customers/customer-handlers.ts';
import { deadLetterHandlers } from '../operations/dead-letters/dead-letter-handlers.ts';
import { eventHandlers } from '../operations/events/event-handlers.ts';
import { createEventTail } from '../operations/events/event-tail.ts';
import { showEvent } from '../operations/events/show-event.ts';
import { createEventStreams } from '../operations/events/stream-events.ts';
import { uploadFile } from '../operations/files/upload-file.ts';
import { createIdempotency, type Idempotency } from '../operations/idempotency.ts';
import { keyHandlers } from '../operations/keys/key-handlers.ts';
import { deleteMessage, editMessage } from '../operations/messages/change-message.ts';
import type { LinkTo } from '../operations/messages/file-links.ts';
import { messageHandlers } from '../operations/messages/message-handlers.ts';
import { openFile } from '../operations/messages/open-file.ts';
import { resendMessage } from '../operations/messages/resend-message.ts';
import { sendMessage, validateMessage } from '../operations/messages/send-message.ts';
import { peopleHandlers } from '../operations/people/people-handlers.ts';
import { createProviderSignIn, type ProviderSignIn } from '../operations/people/provider-sign-in.ts';
import type { SignInDeps } from '../operations/people/sign-in-deps.ts';
import { signInHandlers } from '../operations/people/sign-in-handlers.ts';
import { createRateLimit } from '../operations/rate-limit.ts';
import { sendTelegramInteractive } from '../operations/send-telegram-interactive/send-telegram-interactive.ts';
import { createTestChannel } from '../operations/test-mode/create-test-channel.ts';
import { customerActionHandlers } from '../operations/test-mode/test-mode-handlers.ts';
import { validateTelegramInteractive } from '../operations/validate-telegram-interactive.ts';
import type { WebhookDeps } from '../operations/webhook-endpoints/webhook-deps.ts';
import { webhookHandlers } from '../operations/webhook-endpoints/webhook-handlers.ts';
import { workspaceHandlers } from '../operations/workspaces/workspace-handlers.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { createDeadlines, type Deadlines } from '../ports/deadlines.ts';
import type { BoundSecret, Secret } from '../ports/secret.ts';
import type { TestPhones } from '../ports/test-phones.ts';
import type { MasterKeys } from '../secrets/master-key.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { ChannelRecord } from '../store/channels.ts';
import { isOutOfReach } from '../store/database/out-of-reach.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import { isUnstorable } from '../store/database/unstorable.ts';
import type { StoredEvent } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import type { Engine } from './build-engine.ts';
import { createHandlersFor } from './handlers-for.ts';
import type { Journals } from './open-journals.ts';
import type { Providers } from './open-providers.ts';
import { queueSetups } from './queue-setups.ts';

export interface ApiParts {
  /** Makes the addresses of customers' files. */
  readonly linkTo: LinkTo;
  readonly config: Config;
  readonly store: Store;
  readonly epoch: number;
  readonly providers: Providers;
  readonly transport: Transport;
  readonly engine: Engine;
  readonly phones: TestPhones;
  readonly guesses: GuessLimit;
  readonly webhooks: Pick<WebhookDeps, 'client' | 'secrets'>;
  /** The end of the event log, for all workspaces. */
  readonly lastEvent: () => Promise<string | null>;
  readonly journals: Journals;
  readonly vault: Vault;
  /** The same database, narrowed to these workspaces. */
  readonly storeOf: (workspaces: readonly string[]) => Store;
  /** Whether the database keeps workspaces apart for the role that it is used with. */
  readonly isolatesWorkspaces: boolean;
  readonly masterKeys: MasterKeys;
  /** The heads of the audit log that are recorded in the data folder. */
  readonly recordedHeads: AuditDeps['recordedHeads'];
  readonly erasures: Erasures;
  /** Digest stored in place of an API key. */
  readonly digestOf: (secret: string) => Buffer;
  readonly adminToken: Secret;
  readonly signIn: SignInDeps;
  readonly proxyWatch: ProxyWatch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Everything that others call over HTTP: the API, the webhooks, the two probes. */
export function buildApi(parts: ApiParts) {
  const { config, store, engine, vault, clock, random, log } = parts;
  const authenticator = authenticatorOf(parts);
  const deadlines = createDeadlines(clock);
  const idempotency = createIdempotency({
    store: engine.claiming,
    vault,
    epoch: parts.epoch,
    digestOf: parts.digestOf,
  });
  // What people do about their own account concerns no workspace.
  const ownAccount = signInHandlers(parts.signIn);
  const handlersOn = (parts: ApiParts): Handlers<RequestContext> => ({
    ...sendHandlers(parts, deadlines, idempotency),
    ...managementHandlers(parts),
    ...ownAccount,
    getHealth: async () => ({ status: 'ok' }),
    getReadiness: async () => {
      await assertReady(store.ping, engine.failingLoops);
      return { status: 'ok' };
    },
  });
  const server = buildServer({
    handlersFor: createHandlersFor(handlersOn(parts), (workspaces) =>
      handlersOn({ ...parts, store: parts.storeOf(workspaces) }),
    ),
    authenticator,
    countRequest: createRateLimit(clock),
    audit: { append: store.audit.append, mayRecordRefusal: createRefusalLimit(clock, log), log },
    providerServers: config.providerServers,
    fairQueue: managementQueue(config, deadlines),
    idempotency,
    hooks: hooksOf(parts),
    connectPages: connectPages(parts, deadlines),
    eventStreams: createEventStreams({
      store,
      linkTo: parts.linkTo,
      eventsDays: eventsDaysOf(config),
      tail: createEventTail({ readLast: store.events.last, clock, log }),
      clock,
    }),
    clock,
    log,
    random,
    publicUrl: config.publicUrl,
    providerSignIn: providerSignIn(parts),
    proxyWatch: parts.proxyWatch,
    openFile: fileOpener(parts),
    isStoreAway,
    isOutOfReach,
    isUnstorable,
    trustedProxies: config.trustedProxies,
  });
  return {
    server,
    forgetKeys: authenticator.refresh,
    async close() {
      await server.close();
      deadlines.close();
    },
  };
}

function authenticatorOf({ config, store, engine, log, ...parts }: ApiParts): Authenticator {
  return createAuthenticator({
    store,
    recordKeyUse: (keyId, address) => {
      store.keys.recordUse(keyId, address).catch((err: unknown) => log.warn('key_use.unrecorded', { err, keyId }));
    },
    digestOf: parts.digestOf,
    guesses: parts.guesses,
    adminToken: parts.adminToken,
    publicUrl: config.publicUrl,
    isolatesWorkspaces: parts.isolatesWorkspaces,
    ttlMs: engine.keyTtlMs,
    clock: parts.clock,
  });
}

const hooksOf = ({ config, providers, engine, vault, guesses, clock }: ApiParts): ServerDeps['hooks'] => ({
  directory: engine.directory,
  kind: providers.kind,
  secretOf: createSecretOf(vault),
  receiveUpdates: engine.receiveUpdates,
  inboxKinds: connectableKinds(providers.inboxKinds),
  publicUrl: config.publicUrl,
  clock,
  receiveInboxCall: engine.receiveInboxCall,
  isInboxHook: engine.isInboxHook,
  guesses,
});

/** Half of the database's connections at most, and less than half of these for one tenant: sends always find one. */
function managementQueue({ connectionsMax }: Config, deadlines: Deadlines): FairQueue {
  const atOnce = Math.max(2, Math.floor(connectionsMax / 2));
  return createFairQueue({
    atOnce,
    atOncePerTenant: Math.max(1, Math.floor(atOnce * 0.4)),
    waitingMax: 1_000,
    waitingMaxPerTenant: 100,
    waitMaxMs: 20_000,
    deadlines,
  });
}

/** Opens the files that customers sent. They have a share of the memory of their own. */
function fileOpener(parts: ApiParts): FileLinkRoutes['openFile'] {
  const fileBudget = createFileBudget(fileBudgetLimits);
  const { store, engine, digestOf, clock } = parts;
  const deps = {
    digestOf,
    nowMs: clock.nowMs,
    store,
    directory: engine.directory,
    fileBudget,
    limits: patientLimits(fileLimits),
  };
  return (link) => openFile(deps, link);
}

/** The files of messages of callers that are in memory at once, of all channels and of one. */
const sentFileLimits = { totalBytes: 200 * 1024 * 1024, ownerBytes: 100 * 1024 * 1024, ownerMax: 4 };

/** What is called with a send key, and what the administrator decides of messages. */
function sendHandlers(parts: ApiParts, deadlines: Deadlines, idempotency: Idempotency) {
  const { config, store, epoch, providers, engine, phones, erasures, clock, random, transport, linkTo } = parts;
  const shared = {
    directory: engine.directory,
    kind: providers.kind,
    clock,
    deadlines,
    epoch,
    idempotency,
    callerWaitMs: config.callerWaitMs,
    deliver: engine.deliver,
    linkTo,
  };
  const files = { openFile: createOpenFile(transport), random, fileBudget: createFileBudget(sentFileLimits) };
  return {
    ...bindHandlers(
      {
        ...shared,
        store,
        ...files,
        erasures,
        readChat: store.chats.read,
        schedule: store.schedules.record,
        messagesDays: config.messagesDays,
        inboxKinds: providers.inboxKinds,
      },
      { sendTelegramInteractive, sendMessage },
    ),
    validateTelegramInteractive,
    ...eventHandlers({ store, linkTo, eventsDays: eventsDaysOf(config), clock }),
    validateMessage,
    ...messageHandlers({ store, linkTo, onResolved: engine.onJob }),
    ...chatHandlers({ store, linkTo, directory: engine.directory }),
    ...customerActionHandlers({ ...shared, store, phones, receiveUpdates: engine.receiveUpdates }),
    ...bindHandlers({ store, clock, random, uploadsMegabytesMax: config.uploadsMegabytesMax }, { uploadFile }),
    ...bindHandlers(
      { ...shared, ...files, store, change: engine.change, onChanged: engine.onJob },
      { editMessage, deleteMessage },
    ),
    ...bindHandlers(
      {
        store: {
          ...store,
          idempotency: engine.claiming.idempotency,
          messages: { ...store.messages, read: engine.claiming.messages.read },
        },
        ...shared,
      },
      { resendMessage },
    ),
  } satisfies Partial<Handlers<RequestContext>>;
}

/** What is called with the administrator's token. */
function managementHandlers(parts: ApiParts) {
  const { config, store, providers, engine, journals, erasures, vault, clock, random, digestOf, recordedHeads } = parts;
  const { publicUrl } = config;
  const defaultLimit = { perSecond: config.keyRatePerSecond, burst: config.keyRateBurst };
  const bounds = {
    defaultLimit,
    maxLimit: {
      perSecond: Math.max(defaultLimit.perSecond, config.keyRateMaxPerSecond),
      burst: Math.max(defaultLimit.burst, config.keyRateMaxBurst),
    },
  };
  const management = { store, vault, clock, random, digestOf, bounds, publicUrl, onChange: engine.onChange };
  const channelDeps = {
    ...management,
    ...botsOf(config, providers),
    openRecord: providers.openChannel,
    inboxKinds: providers.inboxKinds,
  };
  return {
    ...workspaceHandlers({
      ...management,
      ...providers,
      deleteChannelsOf: (workspaceId) => deleteChannelsOf(channelDeps, workspaceId),
    }),
    ...connectionHandlers({
      ...management,
      authorizations: providers.authorizations,
      apps: mapInboxKinds(({ kind: { kind }, settings }) => ({
        kind: providers.inboxKinds[kind],
        settings: settings.app,
        values: config.inboxes[kind].app,
      })),
    }),
    ...channelHandlers(channelDeps),
    ...keyHandlers(management),
    ...bindHandlers({ ...management, phones: parts.phones }, { createTestChannel }),
    ...alarmHandlers({ store }),
    ...auditHandlers({ store, recordedHeads }),
    ...peopleHandlers({ store, clock, random }),
    ...customerHandlers({
      store,
      erasures,
      channelName: providers.kind.displayName,
      clock,
      sweepFiles: journals.setAside.sweep,
    }),
    ...webhookHandlers({
      ...management,
      ...parts.webhooks,
      lastEvent: parts.lastEvent,
      showEvent: (event: StoredEvent) => showEvent(parts.linkTo, event),
      onDue: engine.onEvent,
      onAlarm: engine.onAlarm,
    }),
    ...deadLetterHandlers({ store, onReplayed: engine.onJob, onDecided: engine.onAlarm }),
  };
}

/** Of one call to the identity provider, while a person waits. */
const identityProviderLimitMs = 10_000;

/** Null if the settings name no identity provider. */
function providerSignIn({ config, store, transport, signIn, log }: ApiParts): ProviderSignIn | null {
  const { oidcIssuer, oidcClientId, oidcClientSecret, publicUrl } = config;
  const missing = Object.entries({
    CHATFERRY_OIDC_ISSUER: oidcIssuer,
    CHATFERRY_OIDC_CLIENT_ID: oidcClientId,
    CHATFERRY_OIDC_CLIENT_SECRET: oidcClientSecret,
  }).flatMap(([name, value]) => (value === null ? [name] : []));
  if (oidcIssuer === null || oidcClientId === null || oidcClientSecret === null) {
    if (missing.length === 3) return null;
    throw new StartError(`Sign-in by OpenID Connect needs ${missing.join(' and ')} too. Set all three, or none.`);
  }
  if (publicUrl === null)
    throw new StartError(
      'Sign-in by OpenID Connect needs CHATFERRY_PUBLIC_URL: the provider sends browsers back there.',
    );
  const client = {
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: oidcClientSecret,
    fetch: createFetch(transport, identityProviderLimitMs),
  };
  return createProviderSignIn({ ...signIn, store, provider: createOpenIdConnect(client), publicUrl, log });
}

/** What people carry out in their browsers. */
function connectPages(parts: ApiParts, deadlines: Deadlines) {
  const { config, store, providers, engine, guesses, vault, masterKeys, clock, random, log } = parts;
  const { publicUrl } = config;
  const { kind: channelKind, authorizations, inboxKinds, tryInbox } = providers;
  const shared = { store, vault, clock, random, authorizations, inboxKinds, publicUrl };
  const stateKeys = [masterKeys.primary, ...masterKeys.others].map(({ key }) =>
    Buffer.from(hkdfSync('sha256', key, '', 'chatferry oauth state', 32)),
  );
  return {
    publicUrl,
    channelKind,
    inboxKinds: connectableKinds(inboxKinds),
    browserFlow: createBrowserFlow({
      ...shared,
      tryInbox,
      states: createStates(stateKeys),
      lookUpForStranger: guesses.lookUp,
      onChange: engine.onChange,
    }),
    channelSetup: createChannelSetup({
      store,
      connecting: { ...shared, ...botsOf(config, providers) },
      standInOf: (name) => config.inboxes[name].appUrl,
      inTurn: queueSetups(deadlines),
      onChange: engine.onChange,
      log,
    }),
  };
}

/** How bots are opened that name no server. */
const botsOf = (config: Config, { kind, openInbox }: Providers) => ({
  defaults: { apiRoot: config.channel.apiRoot, fileRoot: config.channel.fileRoot ?? config.channel.apiRoot },
  channelKind: kind,
  openInbox,
});

/** The secret of a channel's webhook, unsealed once for as long as the directory keeps the channel. */
function createSecretOf(vault: Vault): (open: OpenChannel) => BoundSecret {
  const secrets = new WeakMap<ChannelRecord, BoundSecret>();
  return ({ record }) => {
    const secret = secrets.get(record) ?? unsealWebhookSecret(vault, record);
    secrets.set(record, secret);
    return secret;
  };
}

async function assertReady(ping: () => Promise<void>, failingLoops: () => readonly string[]): Promise<void> {
  const down = failingLoops();
  const details = down.map((name) => ({ pointer: '', message: `${name} is down and is being started again` }));
  try {
    await ping();
  } catch (cause) {
    details.push({ pointer: '', message: 'the database does not answer' });
    throw new ApiError('UNAVAILABLE', { details, retryAfterMs: 1_000, cause });
  }
  if (details.length > 0) throw new ApiError('UNAVAILABLE', { details, retryAfterMs: 1_000 });
}
