import { describe, expect, it } from 'vitest';
import { judge } from '../judge/judge.ts';
import { patches } from '../sabotage/patches.ts';
import { type Findings, type Parts, toPage } from './page.ts';

const quiet = judge({ far: [], told: [], kept: [], ambiguities: [], log: [], arrivals: [], listening: [] });
const [first, second] = patches;
if (!first || !second) throw new Error('the test needs two bugs');

const environment = {
  date: '2026-01-02',
  machine: '2 cores (a processor), 8 GiB',
  kernel: '6.1',
  node: '20.19.0',
  commit: 'abcdef0123',
  loadBefore: 0.5,
};

const some = (ms: number) => ({ count: ms === 0 ? 0 : 10, missing: 0, p50Ms: ms, p99Ms: 2 * ms, maxMs: 3 * ms });

const findings: Findings = {
  simulation: { seeds: 12, output: '12 seeds, 1 bad\n', isGood: false },
  crash: {
    seed: 7,
    blows: [
      { strike: { kind: 'point', point: 'store.intents.record:after', hit: 1 }, readyMs: 700, sentMs: 900 },
      { strike: { kind: 'database', death: 'whole', afterMs: 5 }, readyMs: null, sentMs: 2_000 },
    ],
    missed: [],
    points: ['store.intents.record:after', 'store.intents.record:before'],
    deadLetters: [],
    webhookProblems: [],
    verdict: { ...quiet, breaches: { ...quiet.breaches, doubledSends: ['backend-1-1 (2 times)'] } },
    elapsedMs: 90_000,
  },
  network: {
    verdict: quiet,
    scenarios: ['gateway → Telegram (send): cut middle byte of the request'],
    faults: { cut: 1 },
    missed: [],
    stuck: [],
    elapsedMs: 30_000,
  },
  hangs: {
    rows: [
      {
        name: 'the file server hangs',
        touched: 4,
        waits: [
          { place: 'same bot', waits: { reply: some(20), words: { ...some(7_000), missing: 3 }, copy: some(0) } },
        ],
        recovery: { count: 5, firstMs: 300, lastMs: null },
        verdict: quiet,
      },
    ],
    elapsedMs: 120_000,
  },
  sabotage: {
    unharmedFailures: [],
    results: [
      { patch: first, result: { kind: 'caught', by: 'a.test.ts > a | b' } },
      { patch: second, result: { kind: 'missed' } },
    ],
  },
};

const parts: Parts = {
  simulation: { environment, findings: findings.simulation },
  crash: { environment, findings: findings.crash },
  network: { environment, findings: findings.network },
  hangs: { environment, findings: findings.hangs },
  sabotage: { environment: { ...environment, commit: '0123abcdef' }, findings: findings.sabotage },
};

describe('the evidence page', () => {
  const page = toPage(parts);

  it.each([
    ['which promises were broken', '| **more than once at Telegram** | 1 | 0 | 0 |'],
    ['that the simulation found a broken promise', '**It found a broken promise.**'],
    ['which promises held', '| **answered 201 but not at Telegram** | 0 | 0 | 0 |'],
    ['how to repeat a campaign', '`npm run crash -- --seed 7`, 1.5 minutes'],
    ['how long it took to recover', '| the gateway, at a named point | 1 | 0.7 s | 0.7 s | 0.9 s | 0.9 s |'],
    ['that a gateway which survives is not started again', '| PostgreSQL | 1 | – | – | 2.0 s | 2.0 s |'],
    ['the faults of each link', '| gateway → Telegram | 1 |'],
    [
      'how long others waited while a provider hung, and what never came',
      '| the file server hangs | same bot | 0.02 / 0.04 / 0.06 s (10) | **3 of 10 not within 21.00 s** | – |',
    ],
    ['how an outage was recovered from', '| the file server hangs | 5 | 0.30 s | missing |'],
    ['which waits were too long', '**the file server hangs: a customer’s words (same bot) came late**'],
    ['how many bugs were caught', 'Reintroduced bugs that the tests caught: **1 of 2**.'],
    ['which test caught a bug, without breaking the table', String.raw`a.test.ts > a \| b |`],
    ['which bug nothing caught', '**not caught** |'],
    ['where each part was run', 'at commit 0123abcdef: 2 cores'],
  ])('says %s', (_what, text) => {
    expect(page).toContain(text);
  });

  it('says how to run a part that was not run, and shows no counts for it', () => {
    const alone = toPage({ crash: { environment, findings: findings.crash } });
    expect(alone).toContain('| what was counted | crashes |\n');
    expect(alone).toContain('`npm run evidence -- --only sabotage`');
    expect(alone).toContain('Reintroduced bugs that the tests caught: not run yet.');
  });
});
