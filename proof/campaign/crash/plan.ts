import { databaseDeaths } from '../gateway/kill-postgres.ts';
import type { Strike } from './strike.ts';

/**
 * The calls of the ports for a send, for what is received, for the mirror and for the relay, each flow in the order of its calls.
 * Each call is struck before it is made and after it is answered.
 */
const namedCalls: readonly string[] = [
  // The send: intent, wire, result; with an Idempotency-Key its claim.
  'store.idempotency.claim',
  'store.intents.record',
  'channel.send',
  'store.results.record',
  // What is received: by webhook and poll, from Telegram and the inboxes.
  'channel.poll',
  'store.updates.store',
  'store.channels.savePollOffset',
  // The worker, and what an update becomes.
  'store.lanes.claim',
  'store.updates.read',
  'store.inbound.apply',
  'store.updates.finish',
  'store.lanes.finish',
  // The mirror.
  'inbox.ensureContact',
  'store.conversations.linkContact',
  'store.inboxWrites.reserve',
  'inbox.append',
  'store.mirror.recordMirrored',
  // The relay: an agent's reply goes out by the calls of a send, and is reported to the inbox.
  'inbox.reportDelivery',
  'store.mirror.recordReported',
  // Webhooks: the events of the log are queued, and each attempt is noted after it was made.
  'store.webhookQueue.fanOut',
  'store.webhookDeliveries.record',
];

/** Calls of the gateway that are struck after a provider has carried them out and before it answers. */
const wireCalls: readonly Extract<Strike, { kind: 'wire' }>[] = [
  { kind: 'wire', provider: 'telegram', operation: 'sendMessage' },
  { kind: 'wire', provider: 'intercom', operation: 'POST /conversations' },
  { kind: 'wire', provider: 'intercom', operation: 'POST /conversations/{id}/reply' },
  {
    kind: 'wire',
    provider: 'hubspot',
    operation: 'POST /conversations/custom-channels/{version}/{channelId}/messages',
  },
  { kind: 'wire', provider: 'backend', operation: 'webhook' },
];

/** What a start does with what an earlier process left behind, and its first work. */
const recoveryCalls: readonly string[] = [
  'store.retention.ensurePartitions',
  'store.flights.recover',
  'store.lanes.claim',
  'inbox.changedConversations',
  'inbox.recentEvents',
  'inbox.find',
  'store.mirror.recordMirrored',
  'store.webhookQueue.fanOut',
  'store.webhookDeliveries.record',
];

/** The first calls of the flows among the named calls, and what follows a call that no port makes. */
const flowStarts: ReadonlySet<string | undefined> = new Set([
  'channel.poll',
  'inbox.ensureContact',
  'inbox.reportDelivery',
  'store.webhookQueue.fanOut',
  'store.webhookDeliveries.record',
  undefined,
]);

export interface CrashSizes {
  /** How often each named point is struck. */
  readonly rounds: number;
  /**
   * Whether the point after a call is struck also when another named call follows in the flow. Nothing reaches the outside
   * between that point and the one before the next call, so a death at either leaves the same behind.
   */
  readonly strikesBetweenCalls: boolean;
  readonly random: number;
  readonly database: number;
  readonly both: number;
  /** How often it is struck again at each point of its recovery. */
  readonly recovery: number;
}

export const shortSizes: CrashSizes = {
  rounds: 1,
  strikesBetweenCalls: false,
  recovery: 0,
  random: 4,
  database: 3,
  both: 2,
};
export const longSizes: CrashSizes = {
  rounds: 3,
  strikesBetweenCalls: true,
  recovery: 4,
  random: 200,
  database: 60,
  both: 30,
};

/** The strikes of a campaign, in an order that the seed decides. */
export function planStrikes(sizes: CrashSizes, random: () => number): readonly Strike[] {
  const upTo = (max: number) => Math.floor(random() * max);
  const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const deathOf = (index: number) => databaseDeaths[index % databaseDeaths.length] ?? 'immediate';
  const strikes: Strike[] = [
    ...times(sizes.rounds, (round) => [
      ...pointsOf(namedCalls)
        .filter((point) => sizes.strikesBetweenCalls || !isBetweenCalls(point))
        .map((point): Strike => ({ kind: 'point', point, hit: round === 0 ? 1 : 1 + upTo(4) })),
      ...wireCalls,
    ]).flat(),
    ...times(sizes.random, (): Strike => ({ kind: 'random', afterMs: upTo(700) })),
    ...times(sizes.recovery, () =>
      pointsOf(recoveryCalls).map((point): Strike => ({ kind: 'recovery', point, hit: 1, afterMs: upTo(500) })),
    ).flat(),
    ...times(sizes.database, (index): Strike => ({ kind: 'database', death: deathOf(index), afterMs: upTo(500) })),
    ...times(sizes.both, (index): Strike => ({ kind: 'both', death: deathOf(index), afterMs: upTo(500) })),
  ];
  return shuffle(strikes, upTo);
}

const pointsOf = (calls: readonly string[]): readonly string[] =>
  calls.flatMap((call) => [`${call}:before`, `${call}:after`]);

function isBetweenCalls(point: string): boolean {
  const [call = '', moment] = point.split(':');
  return moment === 'after' && !flowStarts.has(namedCalls[namedCalls.indexOf(call) + 1]);
}

function shuffle<T>(given: readonly T[], upTo: (max: number) => number): readonly T[] {
  const items = [...given];
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = upTo(index + 1);
    [items[index], items[other]] = [items[other] as T, items[index] as T];
  }
  return items;
}
