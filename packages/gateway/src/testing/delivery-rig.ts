import { afterEach, expect } from 'vitest';
import type { SendOutcome } from '../core/outcome.ts';
import { type Delivery, type DeliveryRequest, deliver } from '../engine/deliver.ts';
import { createLaneGate } from '../engine/lane-gate.ts';
import { createMarkHealth } from '../engine/mark-health.ts';
import { createSupervisor } from '../engine/supervisor.ts';
import type { Wire } from '../ports/channel.ts';
import type { IntentRow } from '../store/intents.ts';
import { evenRandom, scriptedChannel, scriptedKind, startEngineRig } from './engine-rig.ts';
import { createVirtualClock } from './virtual-clock.ts';

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

    /** One process, and a bot that answers what the script says, in its order. */
    startProcess(...script: readonly Answer[]) {
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
        store: { ...rig.store, ...createMarkHealth({ store: rig.store, log: quiet, onChange: () => undefined }) },
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
    },

    message: async (delivery: Delivery | number) => {
      const id = typeof delivery === 'number' ? delivery : idOf(delivery);
      return rig.store.readMessage({ workspaceId: channel.workspaceId, channelId: null }, id);
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
