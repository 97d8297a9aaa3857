import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '../backend/receiver.ts';
import type { FarSide } from '../far-side/far-side.ts';
import type { StoreReader } from '../gateway/store-reader.ts';
import { type Breaches, breachesIn, judge, type Verdict } from './judge.ts';
import type { Ambiguity, CallerAnswer } from './records.ts';

/** How long what is left may take; a loaded machine is slow, and Telegram repeats a failed webhook ever more slowly. */
const restLimitMs = 300_000;
const lookEveryMs = 250;

export interface RestOptions {
  readonly farSide: FarSide;
  readonly store: StoreReader;
  readonly told: readonly CallerAnswer[];
  readonly ambiguities: readonly Ambiguity[];
  readonly limitMs?: number;
  /** The backends of the workspaces, if they have some. */
  readonly receiver?: Receiver;
}

/** What was done twice or in the wrong order stays so, however long one waits. */
const lasting: readonly (keyof Breaches)[] = [
  'doubledSends',
  'sendInversions',
  'doubledEntries',
  'entryInversions',
  'doubledConversations',
  'wrongWebhooks',
  'webhookInversions',
  'doubledEvents',
];

/**
 * Waits until no work is left and nothing is missing, and resolves with the verdict. After the limit it does so anyway, and at once
 * when something is wrong that cannot become right.
 */
export async function waitForVerdict(options: RestOptions): Promise<Verdict> {
  const { farSide, store, limitMs = restLimitMs } = options;
  const deadlineMs = performance.now() + limitMs;
  for (;;) {
    const verdict = await judgeNow(options);
    const isWrong = lasting.some((name) => verdict.breaches[name].length > 0);
    const isOver = isWrong || (breachesIn(verdict) === 0 && (await isAtRest(store, farSide)));
    if (isOver || performance.now() > deadlineMs) return verdict;
    await store.makeRetriesDue();
    await sleep(lookEveryMs);
  }
}

async function judgeNow({ farSide, store, told, ambiguities, receiver }: RestOptions): Promise<Verdict> {
  // What arrives while the log is read may be newer than what is read of it.
  const arrivals = [...(receiver?.arrivals ?? [])];
  const [kept, log] = [await store.readMessages(), await store.readLog()];
  const listening = receiver?.listening ?? [];
  return judge({ far: farSide.journal(), told, kept, ambiguities, log, arrivals, listening });
}

async function isAtRest(store: StoreReader, farSide: FarSide): Promise<boolean> {
  const bots = await farSide.control<readonly { readonly pending_update_count: number }[]>('/telegram/bots');
  return bots.every((bot) => bot.pending_update_count === 0) && (await store.countOpenWork()) === 0;
}
