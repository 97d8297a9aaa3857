import { setTimeout as sleep } from 'node:timers/promises';
import type { FarSide } from '../far-side/far-side.ts';
import type { Books } from '../gateway/books.ts';
import { breachesIn, judge, type Verdict } from './judge.ts';
import type { Ambiguity, Told } from './records.ts';

/** How long what is left may take; a loaded machine is slow, and Telegram repeats a failed webhook ever more slowly. */
const restLimitMs = 300_000;
const lookEveryMs = 250;

export interface RestOptions {
  readonly farSide: FarSide;
  readonly books: Books;
  readonly told: readonly Told[];
  readonly ambiguities: readonly Ambiguity[];
}

/**
 * Waits until nothing is open any more and nothing is missing, and gives the verdict; after the limit it is given all the same.
 * What must never be there (a double, an inversion) is not waited for, since no wait would mend it.
 */
export async function comeToRest({ farSide, books, told, ambiguities }: RestOptions): Promise<Verdict> {
  const deadlineMs = performance.now() + restLimitMs;
  for (;;) {
    const verdict = judge({ far: farSide.journal(), told, kept: await books.keptMessages(), ambiguities });
    const isOver = breachesIn(verdict) === 0 && (await isAtRest(books, farSide));
    if (isOver || performance.now() > deadlineMs) return verdict;
    await books.hasten();
    await sleep(lookEveryMs);
  }
}

async function isAtRest(books: Books, farSide: FarSide): Promise<boolean> {
  const bots = await farSide.control<readonly { readonly pending_update_count: number }[]>('/telegram/bots');
  return bots.every((bot) => bot.pending_update_count === 0) && (await books.openWork()) === 0;
}
