import { afterAll, describe, expect, it } from 'vitest';
import { liveThrough } from './history.ts';
import { judge } from './judge.ts';
import { troubleKinds, troublesMs, withOnly } from './profile.ts';
import { newTally, runSeeds, seedsFrom } from './run-seeds.ts';

/** The same seeds each time, so that a red run comes back. `npm run simulate -- --seeds 100000 --from 1000` takes others. */
const seeds = 750;
const chunk = 250;
/** A machine may be many times slower than the one that this was written on. */
const limitMs = 15 * 60_000;

const chunks = (first: number, count: number) =>
  Array.from({ length: count / chunk }, (_, index) => first + index * chunk);

describe('the engine in virtual time', () => {
  const tally = newTally();

  it.each(chunks(1, seeds))(
    `keeps its promises through ${chunk} seeds from %d`,
    { timeout: limitMs },
    async (first) => {
      const told = tally.bad.length;
      await runSeeds(seedsFrom(first, chunk), tally);
      expect(tally.bad.slice(told).join('\n')).toBe('');
    },
  );

  it('meets every kind of fault, and every final state of a message', () => {
    const kinds = [
      ...[
        'nothing written',
        'telegram silent',
        'telegram cut',
        'telegram 5xx',
        'telegram late',
        'short limit',
        'long limit',
      ],
      ...['bot blocked', 'chat migrated', 'bot token revoked', 'update repeated', 'answer lost'],
      ...['inbox cut before', 'inbox cut after', 'inbox limited', 'inbox outage', 'inbox credential refused'],
      ...['conversation gone', 'event lost', 'event given up'],
      ...['store cut before', 'store cut after', 'store refused', 'store slow', 'store outage', 'disk full'],
      ...['crash', 'crash at once', 'pause', 'drain'],
      ...['inbox hangs', 'telegram hangs'],
      ...troubleKinds.map((kind) => `only ${kind}`),
    ];
    expect(kinds.filter((kind) => !tally.faults.has(kind))).toEqual([]);
    expect(['sent', 'failed', 'unknown'].filter((end) => !tally.counts.get(end))).toEqual([]);
  });

  afterAll(() => {
    console.log(`simulated ${tally.seeds} seeds; ${tally.bad.length} bad`);
  });
});

const troubles = troubleKinds.flatMap((kind) => troublesMs.map((forMs) => ({ kind, forMs })));

describe('a party in trouble', () => {
  it.each(troubles)(
    '($kind for $forMs ms) delays no stranger, and afterwards all that waited for it continues at once',
    { timeout: limitMs },
    async (trouble) => {
      const history = await liveThrough(1, null, (drawn) => withOnly(trouble, drawn));
      const { violations, counts } = judge(history);
      expect(violations).toEqual([]);
      expect(history.world.faults.get(`only ${trouble.kind}`)).toBe(1);
      expect(Math.min(counts['orders'] ?? 0, counts['utterances'] ?? 0, counts['replies'] ?? 0)).toBeGreaterThan(10);
    },
  );
});

/** What the long run once found, each by the first seed that showed it. */
const found = [
  [1153, 'a group whose new id was written down as having moved to itself, and whose sends waited for themselves'],
  [1795, 'an opening entry without an answer, looked for in the conversation of the chat that its group became'],
  [5657, 'a reply on its way whose conversation was deleted, and whose end was not reported'],
  [8433, 'an entry written by a process that had been taken for dead, and whose lane another one had'],
  [22603, 'an inbox that refused its credential once, and was not looked through any more when it took it again'],
  [9269, 'a message applied by a process that had lost the lane, and dropped by the one that had it'],
] as const;

describe('a fault that was found', () => {
  it.each(found)('by seed %d stays fixed: %s', async (seed) => {
    expect(judge(await liveThrough(seed)).violations).toEqual([]);
  });
});

describe('a seed', () => {
  it('gives the same history every time, and other seeds give other histories', async () => {
    const hashes = async (seed: number) => {
      const { world } = await liveThrough(seed);
      return world.kernel.traceHash();
    };
    const twice = await Promise.all([1, 2, 3].map(async (seed) => [await hashes(seed), await hashes(seed)]));
    for (const [first, second] of twice) expect(second).toBe(first);
    expect(new Set(twice.flat()).size).toBe(3);
  });

  it('can be traced step by step', async () => {
    const lines: string[] = [];
    const history = await liveThrough(1, (line) => lines.push(line));
    expect(judge(history).violations).toEqual([]);
    expect(lines.length).toBeGreaterThan(history.world.kernel.steps);
    expect(lines.some((line) => line.includes('accepted #'))).toBe(true);
  });
});
