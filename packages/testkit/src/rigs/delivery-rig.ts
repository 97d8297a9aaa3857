import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendOutcome } from '@chatferry/gateway/internal/core/delivery/outcome';
import type { PaceLimits } from '@chatferry/gateway/internal/core/delivery/pace';
import { createMarkHealth } from '@chatferry/gateway/internal/engine/directory/mark-health';
import { createSupervisor } from '@chatferry/gateway/internal/engine/lanes/supervisor';
import { createChatQueue } from '@chatferry/gateway/internal/engine/send/chat-queue';
import { deliver } from '@chatferry/gateway/internal/engine/send/deliver';
import type {
  Delivery,
  DeliveryDeps,
  DeliveryIntent,
  DeliveryRequest,
} from '@chatferry/gateway/internal/engine/send/delivery';
import { createPace } from '@chatferry/gateway/internal/engine/send/pace';
import {
  createResultJournal,
  type JournaledResult,
  type ResultJournal,
} from '@chatferry/gateway/internal/engine/send/result-journal';
import { openJournal } from '@chatferry/gateway/internal/journal/journal';
import type { Wire } from '@chatferry/gateway/internal/ports/channel';
import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';
import { afterAll, afterEach, expect } from 'vitest';
import { createVirtualClock } from '../clocks/virtual-clock.ts';
import { type EngineRig, evenRandom, scriptedChannel, scriptedKind, startEngineRig } from './engine-rig.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export const delivered = (id = '2418'): SendOutcome => ({ kind: 'delivered', channelMessageId: id });

export const notWritten: SendOutcome = { kind: 'deferred', because: 'not-written', detail: 'connect ECONNREFUSED' };

export const limited = (retryAfterMs: number): SendOutcome => ({
  kind: 'deferred',
  because: 'rate-limited',
  retryAfterMs,
  detail: 'Too Many Requests',
});

export const rejected = (reason: Extract<SendOutcome, { kind: 'rejected' }>['reason']): SendOutcome => ({
  kind: 'rejected',
  reason,
  providerCode: 403,
  detail: 'Forbidden',
});

/** What the provider answers to one send. */
export type Answer = SendOutcome | (() => SendOutcome | Promise<SendOutcome>);

/** The disk of one machine, for results that the store does not accept. */
type Disk = ResultJournal;

/** Deliveries with the real store and a scripted bot. Call it at the top of the file. */
export async function startDeliveryRig() {
  const rig = await startEngineRig();
  const { pool } = rig.database;
  const channel = await rig.addChannel();
  const closing: (() => Promise<void>)[] = [];
  let chats = 0;
  let disks = 0;

  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  const folder = mkdtempSync(join(tmpdir(), 'chatferry-journal-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const parts: RigParts = { rig, closing };
  const startDisk = (bytesMax: number): Disk => {
    disks += 1;
    return createDisk(parts, join(folder, String(disks)), bytesMax);
  };
  const startOn = (disk: Disk, script: readonly Answer[], limits: Partial<PaceLimits> = {}) =>
    startProcessOn(parts, disk, script, limits);

  return {
    ...rig,
    channel,

    /** A send to a chat of its own. */
    anIntent(epoch = rig.epoch): DeliveryIntent {
      chats += 1;
      return intentTo(channel, String(chats), epoch);
    },

    disk: () => startDisk(Number.POSITIVE_INFINITY),
    fullDisk: () => startDisk(0),

    /** One process, and a bot that answers as the script says, in order. */
    startProcess: (...script: readonly Answer[]) => startOn(startDisk(Number.POSITIVE_INFINITY), script),
    startProcessOn: startOn,

    message: async (delivery: Delivery | number) => {
      const id = typeof delivery === 'number' ? delivery : idOf(delivery);
      return rig.store.messages.read({ workspaceId: channel.workspaceId, channelId: null }, id);
    },

    /** Whether no send to the chat is in flight. */
    async isFree({ channelId, chatId }: DeliveryIntent): Promise<boolean> {
      const held = 'select 1 from flights where channel_id = $1 and chat_id = $2';
      return (await pool.query(held, [channelId, chatId])).rowCount === 0;
    },
  };
}

interface RigParts {
  readonly rig: EngineRig;
  /** Run after each test. */
  readonly closing: (() => Promise<void>)[];
}

/** The disk of one machine, with this much space. The journal is opened on first use: few tests need it. */
function createDisk({ rig, closing }: RigParts, folder: string, bytesMax: number): Disk {
  const open = async () => {
    const journal = await openJournal({
      folder,
      name: 'results',
      installationId: 'test',
      epoch: rig.epoch,
      schedule: setImmediate,
      log: quiet,
      bytesMax,
    });
    closing.push(journal.close);
    return createResultJournal({ file: journal, store: rig.store, log: quiet, onResult: () => undefined });
  };
  let journal: ReturnType<typeof open> | null = null;
  const opened = () => {
    journal ??= open();
    return journal;
  };
  return {
    append: async (result: JournaledResult) => (await opened()).append(result),
    replay: async () => (await opened()).replay(),
  };
}

function startProcessOn(
  { rig, closing }: RigParts,
  disk: Disk,
  script: readonly Answer[],
  limits: Partial<PaceLimits>,
) {
  const clock = createVirtualClock();
  const supervisor = createSupervisor(clock, quiet);
  closing.push(supervisor.stop);
  const { bot, sent } = botByScript(script);
  let results = 0;
  const deps: DeliveryDeps = {
    resultJournal: disk,
    pace: createPace({ bot: null, chat: null, group: null, ...limits }, scriptedKind, clock),
    store: rig.store,
    health: createMarkHealth({ store: rig.store, log: quiet, onChange: () => undefined }),
    chatQueue: createChatQueue(100),
    clock,
    random: evenRandom,
    kind: scriptedKind,
    log: { attempted: () => undefined, failed: () => undefined },
    onResult: () => {
      results += 1;
    },
    retryUntilStored: (name, run) => supervisor.start({ name, run }),
  };
  return {
    clock,
    supervisor,
    sent,
    results: () => results,
    deliver: (intent: DeliveryIntent, change: Partial<DeliveryRequest> = {}) =>
      deliver(deps, { intent, channel: bot, deadlineMs: clock.monotonicMs() + 30_000, ...change }),
    /** Sleeps through one wait, which must be this long. */
    async sleepThrough(waitMs: number) {
      await clock.whenAsleep();
      expect(clock.sleeping()).toEqual([waitMs]);
      clock.advance(waitMs);
    },
  };
}

function botByScript(script: readonly Answer[]) {
  const sent: Wire[] = [];
  const answers = [...script];
  const bot = scriptedChannel({
    async send(wire) {
      sent.push(wire);
      const answer = answers.shift();
      if (!answer) throw new Error('one send more than the script has');
      return typeof answer === 'function' ? answer() : answer;
    },
  });
  return { bot, sent };
}

const intentTo = (channel: ChannelRecord, chatId: string, epoch: number): DeliveryIntent => ({
  workspaceId: channel.workspaceId,
  channelId: channel.id,
  chatId,
  origin: 'api',
  requestId: evenRandom.uuid(),
  keyId: 'key_1',
  senderId: null,
  content: { text: 'Hello', controls: { kind: 'none' } },
  wire: { chat_id: chatId, text: 'Hello' },
  epoch,
  idempotency: null,
  replyRef: null,
});

/** The id of a delivery that has one. */
export function idOf(delivery: Delivery): number {
  if (delivery.kind === 'not-sent') throw new Error('a message that was not sent has no id');
  return delivery.messageId;
}
