/**
 * `npm run simulate -- --seeds 10000`: many histories of the gateway in virtual time, and what the judge says of them.
 * `--from 5000` begins there; `--seed 17` lives through one and tells everything that happens.
 */
import { parseArgs } from 'node:util';
import { liveThrough } from './history.ts';
import { judge } from './judge.ts';
import { newTally, runSeeds, seedsFrom, type Tally } from './run-seeds.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
  },
});

/** After this number of bad seeds the rest would show nothing new. */
const badMax = 20;
const chunk = 100;

async function tellOne(seed: number): Promise<boolean> {
  const { violations, counts } = judge(await liveThrough(seed, console.log));
  console.log(counts);
  console.log(violations.length === 0 ? `seed ${seed} is good` : violations.join('\n'));
  return violations.length === 0;
}

async function runMany(first: number, count: number): Promise<boolean> {
  const tally = newTally();
  const startedMs = performance.now();
  for (let done = 0; done < count && tally.bad.length < badMax; done += chunk) {
    const told = tally.bad.length;
    await runSeeds(seedsFrom(first + done, Math.min(chunk, count - done)), tally);
    for (const one of tally.bad.slice(told)) console.log(one);
  }
  printTally(tally, performance.now() - startedMs);
  return tally.bad.length === 0;
}

function printTally({ seeds, bad, counts, faults }: Tally, tookMs: number): void {
  const lines = (title: string, numbers: ReadonlyMap<string, number>) =>
    [title, ...[...numbers].sort().map(([name, count]) => `  ${name}: ${count}`)].join('\n');
  console.log(lines('What happened', counts));
  console.log(lines('Faults injected', faults));
  const each = seeds === 0 ? 0 : tookMs / seeds;
  console.log(`${seeds} seeds, ${bad.length} bad; ${(tookMs / 1_000).toFixed(1)} s, ${each.toFixed(1)} ms a seed`);
}

const isGood =
  values.seed === undefined
    ? await runMany(Number(values.from), Number(values.seeds))
    : await tellOne(Number(values.seed));
process.exitCode = isGood ? 0 : 1;
