import type { Handlers } from '@chatferry/contract';
import { connectableKinds } from '../adapters/registry.ts';
import type { Config } from '../config/config.ts';
import { eventsDaysOf } from '../config/events-days.ts';
import { createFileBudget } from '../core/memory/file-budget.ts';
import type { OpenChannel } from '../engine/directory/directory.ts';
import { fileBudgetLimits, fileLimits, patientLimits } from '../engine/mirror/mirror-files.ts';
import { type Authenticator, createAuthenticator } from '../http/authenticate.ts';
import type { FileLinkRoutes } from '../http/bind-file-links.ts';
import { createFairQueue, type FairQueue } from '../http/fair-queue.ts';
import { createRefusalLimit } from '../http/limit-refusals.ts';
import { buildServer, type ServerDeps } from '../http/server.ts';
import { ApiError } from '../operations/api-error.ts';
import { unsealWebhookSecret } from '../operations/channels/seal-channel.ts';
import type { RequestContext } from '../operations/context.ts';
import { createEventTail } from '../operations/events/event-tail.ts';
import { createEventStreams } from '../operations/events/stream-events.ts';
import { createIdempotency } from '../operations/idempotency.ts';
import { openFile } from '../operations/messages/open-file.ts';
import { signInHandlers } from '../operations/people/sign-in-handlers.ts';
import { createRateLimit } from '../operations/rate-limit.ts';
import { createDeadlines, type Deadlines } from '../ports/deadlines.ts';
import type { BoundSecret } from '../ports/secret.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { ChannelRecord } from '../store/channels.ts';
import { isOutOfReach } from '../store/database/out-of-reach.ts';
import { isStoreAway } from '../store/database/store-unavailable.ts';
import { isUnstorable } from '../store/database/unstorable.ts';
import type { ApiParts } from './api-parts.ts';
import { buildConnectPages, buildProviderSignIn } from './browser-pages.ts';
import { createHandlersFor } from './handlers-for.ts';
import { managementHandlers } from './management-handlers.ts';
import { sendHandlers } from './send-handlers.ts';

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
    connectPages: buildConnectPages(parts, deadlines),
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
    providerSignIn: buildProviderSignIn(parts),
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
