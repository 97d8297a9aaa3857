import { setTimeout as sleep } from 'node:timers/promises';
import type { FarSide } from '../far-side/far-side.ts';
import type { StoreReader } from '../gateway/store-reader.ts';
import { breachesIn, judge, type Verdict } from './judge.ts';
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
}

/**
 * Waits until no work is left and nothing is missing, and resolves with the verdict; after the limit it does so anyway. A double or
 * an inversion would not disappear, so a verdict with one waits until the limit as well.
 */
export async function waitForVerdict(options: RestOptions): Promise<Verdict> {
  const { farSide, store, told, ambiguities, limitMs = restLimitMs } = options;
  const deadlineMs = performance.now() + limitMs;
  for (;;) {
    const verdict = judge({ far: farSide.journal(), told, kept: await store.readMessages(), ambiguities });
    const isOver = breachesIn(verdict) === 0 && (await isAtRest(store, farSide));
    if (isOver || performance.now() > deadlineMs) return verdict;
    await store.makeRetriesDue();
    await sleep(lookEveryMs);
  }
}

async function isAtRest(store: StoreReader, farSide: FarSide): Promise<boolean> {
  const bots = await farSide.control<readonly { readonly pending_update_count: number }[]>('/telegram/bots');
  return bots.every((bot) => bot.pending_update_count === 0) && (await store.countOpenWork()) === 0;
}
