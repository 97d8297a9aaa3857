import { liveThrough } from './history.ts';
import { judge } from './judge.ts';

/** What many seeds came to. */
export interface Tally {
  seeds: number;
  /** The seeds that broke a promise, each with what the judge says and how to live through it again. */
  readonly bad: string[];
  readonly counts: Map<string, number>;
  /** How often each kind of fault was injected. */
  readonly faults: Map<string, number>;
}

export const newTally = (): Tally => ({ seeds: 0, bad: [], counts: new Map(), faults: new Map() });

/** Lives through these seeds one after the other, and adds to the tally. */
export async function runSeeds(seeds: Iterable<number>, tally: Tally): Promise<void> {
  for (const seed of seeds) {
    const history = await liveThrough(seed);
    const { violations, counts } = judge(history);
    tally.seeds += 1;
    for (const [name, count] of Object.entries(counts)) add(tally.counts, name, count);
    for (const [name, count] of history.world.faults) add(tally.faults, name, count);
    if (violations.length > 0) tally.bad.push(describe(seed, violations));
  }
}

export function* seedsFrom(first: number, count: number): Generator<number> {
  for (let seed = first; seed < first + count; seed += 1) yield seed;
}

const add = (counts: Map<string, number>, name: string, count: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + count);
};

const describe = (seed: number, violations: readonly string[]): string =>
  [
    `seed ${seed}:`,
    ...violations.slice(0, 8).map((violation) => `  ${violation}`),
    `  See it happen: npm run simulate -- --seed ${seed}`,
  ].join('\n');
