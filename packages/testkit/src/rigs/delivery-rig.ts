import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendOutcome } from '@chatferry/gateway/internal/core/delivery/outcome';
import type { PaceLimits } from '@chatferry/gateway/internal/core/delivery/pace';
import { createMarkHealth } from '@chatferry/gateway/internal/engine/directory/mark-health';
import { createSupervisor } from '@chatferry/gateway/internal/engine/lanes/supervisor';
import { createLaneGate } from '@chatferry/gateway/internal/engine/send/chat-queue';
import { type Delivery, type DeliveryRequest, deliver } from '@chatferry/gateway/internal/engine/send/deliver';
import { createPace } from '@chatferry/gateway/internal/engine/send/pace';
import {
  createKeepResults,
  type KeepResults,
  type KeptResult,
} from '@chatferry/gateway/internal/engine/send/result-journal';
import { openJournal } from '@chatferry/gateway/internal/journal/journal';
import type { Wire } from '@chatferry/gateway/internal/ports/channel';
import type { IntentRow } from '@chatferry/gateway/internal/store/intents';
import { afterAll, afterEach, expect } from 'vitest';
import { createVirtualClock } from '../clocks/virtual-clock.ts';
import { evenRandom, scriptedChannel, scriptedKind, startEngineRig } from './engine-rig.ts';

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

/** What the far side does with one send. */
export type Answer = SendOutcome | (() => SendOutcome | Promise<SendOutcome>);

/** Where one machine keeps results that the store does not take. */
type Disk = Pick<KeepResults, 'keep' | 'replay'>;

/** Deliveries on the real store, to a bot by script. Call it at the top of the file. */
export async function startDeliveryRig() {
  const rig = await startEngineRig();
  const { pool } = rig.database;
  const channel = await rig.addChannel();
  const closing: (() => Promise<void>)[] = [];
  let chats = 0;

  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  const folder = mkdtempSync(join(tmpdir(), 'chatferry-journal-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let disks = 0;

  /** The disk of one machine, with as much space as is said. */
  function startDisk(bytesMax: number) {
    disks += 1;
    const own = join(folder, String(disks));
    const open = () =>
      openJournal({
        folder: own,
        name: 'results',
        installationId: 'test',
        epoch: rig.epoch,
        schedule: setImmediate,
        log: quiet,
        bytesMax,
      }).then((journal) => {
        closing.push(journal.close);
        return createKeepResults({ journal, store: rig.store, log: quiet, onResult: () => undefined });
      });
    // Few tests need it.
    let journal: ReturnType<typeof open> | null = null;
    const opened = () => {
      journal ??= open();
      return journal;
    };
    return {
      keep: async (result: KeptResult) => (await opened()).keep(result),
      replay: async () => (await opened()).replay(),
    };
  }

  function startProcessOn(disk: Disk, script: readonly Answer[], limits: Partial<PaceLimits> = {}) {
    const clock = createVirtualClock();
    const supervisor = createSupervisor(clock, quiet);
    closing.push(supervisor.stop);
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
    let results = 0;
    const deps = {
      results: disk,
      pace: createPace({ bot: null, chat: null, group: null, ...limits }, clock),
      store: rig.store,
      health: createMarkHealth({ store: rig.store, log: quiet, onChange: () => undefined }),
      gate: createLaneGate(100),
      clock,
      random: evenRandom,
      kind: scriptedKind,
      log: { attempted: () => undefined, failed: () => undefined },
      onResult: () => {
        results += 1;
      },
      insist: (name: string, run: () => Promise<void>) => supervisor.start({ name, run }),
    };
    return {
      clock,
      supervisor,
      sent,
      results: () => results,
      deliver: (intent: IntentRow, change: Partial<DeliveryRequest> = {}) =>
        deliver(deps, {
          intent,
          channel: bot,
          wire: intent.wire as Wire,
          deadlineMs: clock.monotonicMs() + 30_000,
          ...change,
        }),
      /** Sleeps through one wait, which must be this long. */
      async sleepThrough(waitMs: number) {
        await clock.whenAsleep();
        expect(clock.sleeping()).toEqual([waitMs]);
        clock.advance(waitMs);
      },
    };
  }

  return {
    ...rig,
    channel,

    /** To a chat of its own. */
    anIntent(epoch = rig.epoch): IntentRow {
      chats += 1;
      return {
        workspaceId: channel.workspaceId,
        channelId: channel.id,
        chatId: String(chats),
        origin: 'api',
        requestId: evenRandom.uuid(),
        keyId: 'key_1',
        senderId: null,
        content: { text: 'Hello', controls: { kind: 'none' } },
        wire: { chat_id: String(chats), text: 'Hello' },
        epoch,
        idempotency: null,
        replyRef: null,
      };
    },

    disk: () => startDisk(Number.POSITIVE_INFINITY),
    fullDisk: () => startDisk(0),

    /** One process, and a bot that answers what the script says, in its order. */
    startProcess: (...script: readonly Answer[]) => startProcessOn(startDisk(Number.POSITIVE_INFINITY), script),
    startProcessOn,

    message: async (delivery: Delivery | number) => {
      const id = typeof delivery === 'number' ? delivery : idOf(delivery);
      return rig.store.messages.read({ workspaceId: channel.workspaceId, channelId: null }, id);
    },

    /** Whether nobody holds the chat's send lane. */
    async isFree({ channelId, chatId }: IntentRow): Promise<boolean> {
      const held = 'select 1 from flights where channel_id = $1 and chat_id = $2';
      return (await pool.query(held, [channelId, chatId])).rowCount === 0;
    },
  };
}

/** The id of a delivery that has one. */
export function idOf(delivery: Delivery): number {
  if (delivery.kind === 'shed') throw new Error('a send that was shed has no id');
  return delivery.messageId;
}
