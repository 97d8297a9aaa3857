import type { SendInteractive, Sent } from '@chatferry/contract';
import { mapInboxKinds } from '@chatferry/gateway/internal/adapters/registry';
import { buildEngine, type Engine } from '@chatferry/gateway/internal/compose/build-engine';
import type { EngineStore } from '@chatferry/gateway/internal/compose/engine-parts';
import { type Config, loadConfig } from '@chatferry/gateway/internal/config/config';
import { principalOfKey } from '@chatferry/gateway/internal/core/access/principal';
import { recordActivity } from '@chatferry/gateway/internal/engine/upkeep/record-activity';
import type { Log } from '@chatferry/gateway/internal/observe/log';
import type { RequestContext } from '@chatferry/gateway/internal/operations/context';
import { createIdempotency } from '@chatferry/gateway/internal/operations/idempotency';
import { sendTelegramInteractive } from '@chatferry/gateway/internal/operations/send-telegram-interactive/send-telegram-interactive';
import type { Channel } from '@chatferry/gateway/internal/ports/channel';
import { createDeadlines } from '@chatferry/gateway/internal/ports/deadlines';
import type { Inbox } from '@chatferry/gateway/internal/ports/inbox';
import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';
import type { KeyRecord } from '@chatferry/gateway/internal/store/keys';
import type { WorkspaceRecord } from '@chatferry/gateway/internal/store/workspaces';
import { createMemoryStore } from '@chatferry/testkit/memory-store/memory-store';
import { registerProcess, unregisterProcess } from '@chatferry/testkit/memory-store/processes';
import { simulatedChannelKind } from './channel-kind.ts';
import type { Disk } from './disk.ts';
import { simulatedInboxKind } from './inbox-server.ts';
import { createProcessClock, createProcessRandom } from './process-clock.ts';
import { InjectedFault, linkToStore } from './store-link.ts';
import type { Process, World } from './world.ts';

/** One gateway process: the real engine and the real send operation, on this world's store, network and time. */
export interface Replica {
  readonly process: Process;
  readonly engine: Engine;
  /** As `startGateway` does: what lies on the disk first, then the judgement, then the loops. */
  start(): Promise<void>;
  readonly send: (context: RequestContext, input: { readonly body: SendInteractive }) => Promise<Sent>;
  /** Ends at once, as by kill -9. */
  crash(): void;
  pause(forMs: number): void;
  /** Ends as by SIGTERM. */
  drain(): Promise<void>;
}

export interface Machine {
  readonly farSides: FarSides;
  readonly disk: Disk;
  readonly onCrash: () => void;
}

export interface FarSides {
  openChannel(process: Process, record: ChannelRecord): Channel;
  openInbox(process: Process, record: WorkspaceRecord, onAnswer?: () => void): Inbox;
}

export const reconcileEveryMs = 15_000;

/** The gateway's own settings, with less room and shorter rounds, so that limits are met. */
function configOf({ profile }: World): Config {
  const loaded = loadConfig({});
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const unpaced = { botRatePerSecond: 0, chatRatePerSecond: 0, groupRatePerMinute: 0 };
  return {
    ...loaded.config,
    laneWaitersMax: 20,
    workerLanesMax: 8,
    reconcileEverySeconds: reconcileEveryMs / 1_000,
    ...(profile.paced ? {} : unpaced),
  };
}

export function startReplica(world: World, name: string, machine: Machine): Replica {
  const { kernel, db } = world;
  const config = configOf(world);
  const process: Process = { name, isDead: false, pausedUntilMs: 0, onDeath: new Set(), crash: machine.onCrash };
  const clock = createProcessClock(world, process);
  const epoch = registerProcess(db);
  const store: EngineStore = createMemoryStore(db, {
    epoch,
    run: linkToStore(world, process),
    schedule: (run) => kernel.soon(process, run),
  });
  const providers = createProviders(process, machine.farSides);
  const engine = buildEngine({
    activity: recordActivity({ store, clock }),
    config,
    store,
    epoch,
    providers,
    journals: { ...machine.disk.open(process), ...undamaged },
    clock,
    random: createProcessRandom(world),
    log: watchingLog(world, name),
    loops: [],
    erasures: { erasedAtMs: async () => null },
    guesses: { lookUp: (_guess, load) => Promise.resolve(load()) },
    forgetKeys: () => undefined,
    proxyWatch: { alarms: () => [] },
  });
  const sendDeps = {
    directory: engine.directory,
    erasures: { erasedAtMs: async () => null },
    ...lookUps(store),
    kind: simulatedChannelKind,
    inboxKinds: providers.inboxKinds,
    clock,
    deadlines: createDeadlines(clock),
    epoch,
    idempotency: createIdempotency({ store: engine.claiming, vault, epoch, digestOf: Buffer.from }),
    callerWaitMs: config.callerWaitMs,
    deliver: engine.deliver,
  };

  const die = () => {
    process.isDead = true;
    for (const end of process.onDeath) end();
    process.onDeath.clear();
  };
  return {
    process,
    engine,
    async start() {
      await engine.replayResults();
      await store.flights.recover();
      engine.start();
    },
    send: (context, input) => sendTelegramInteractive(sendDeps, context, input),
    crash() {
      world.disturb(20_000);
      die();
    },
    pause(forMs) {
      world.disturb(forMs + 20_000);
      process.pausedUntilMs = kernel.nowMs() + forMs;
    },
    async drain() {
      await engine.stop();
      unregisterProcess(db, epoch);
      die();
    },
  };
}

const lookUps = (store: {
  readonly chats: { readonly read: (channelId: string, chatId: string) => Promise<unknown> };
}) => ({
  readChat: store.chats.read,
  schedule: async () => null,
});

const vault = { seal: (plain: string) => Buffer.from(plain), open: String, isOutdated: () => false };

const undamaged = { setAside: { damaged: () => [], sweep: async () => undefined }, close: async () => undefined };

const createProviders = (process: Process, farSides: FarSides) => ({
  kind: simulatedChannelKind,
  inboxKinds: mapInboxKinds(() => simulatedInboxKind),
  sharedOriginOf: () => '',
  openChannel: (record: ChannelRecord) => farSides.openChannel(process, record),
  openInbox: (record: WorkspaceRecord, onAnswer?: () => void) => farSides.openInbox(process, record, onAnswer),
  inputsOf: () => [{} as never],
  authorizations: {} as never,
  tryInbox: () => {
    throw new Error('no workspace is connected during the simulation');
  },
});

/** Errors that this world did not inject are errors of the engine. */
function watchingLog(world: World, name: string): Log {
  const watch = (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
    const { err } = fields;
    if (err !== undefined && !isInjected(err)) {
      world.violations.push(`${name} logged ${event}: ${err instanceof Error ? err.stack : String(err)}`);
    }
    world.kernel.note(
      `log ${event}`,
      () => `${name} ${JSON.stringify({ ...fields, err: err === undefined ? undefined : String(err) })}`,
    );
  };
  const quiet = () => undefined;
  return { debug: quiet, info: quiet, warn: watch, error: watch, pino: undefined as never };
}

function isInjected(error: unknown): boolean {
  if (error instanceof InjectedFault) return true;
  return error instanceof Error && error.cause !== undefined && isInjected(error.cause);
}

/** The context of a request that presented a key of this channel. */
export function contextOf(request: {
  readonly requestId: string;
  readonly channel: ChannelRecord;
  readonly idempotencyKey: string | null;
  readonly markReplayed: () => void;
}): RequestContext {
  const { requestId, channel, idempotencyKey, markReplayed } = request;
  const key: KeyRecord = {
    id: `key-${channel.id}`,
    workspaceId: channel.workspaceId,
    channelId: channel.id,
    name: 'backend',
    prefix: 'cf',
    scopes: ['send'],
    limit: { perSecond: 1_000, burst: 1_000 },
    createdAt: channel.createdAt,
    expiresAt: null,
    retiresAt: null,
    revokedAt: null,
    networks: [],
    lastUsedAt: null,
    lastUsedFrom: null,
    state: 'live',
    endsInMs: null,
  };
  return {
    requestId,
    principal: principalOfKey(key),
    key,
    warnings: [],
    idempotencyKey,
    markReplayed,
    address: '127.0.0.1',
    userAgent: null,
    sessionId: null,
    giveSession: () => undefined,
    sharesAddress: false,
    device: null,
    giveDevice: () => undefined,
  };
}
