import type { Effect } from '@chatferry/sandbox';
import { describe, expect, it } from 'vitest';
import { gatherCrowd, liftRateLimit } from './crowd.ts';
import { type Desk, inboxKinds, openDesk, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, faults } = rig.sandbox;

const limitMs = 120_000;
const customers = 12;
/** As many calls as show the gateway that the inbox is down, and some more that look whether it is back. */
const failedCalls = 8;
const callsMax = 1_000;
/** Longer than the gateway waits until it looks again, and shorter than a wait that a long outage would leave behind. */
const backMs = 25_000;

/** Resolves once this many calls of the gateway have failed. */
const hasFailed = (count: number) =>
  eventually(() => {
    const [fault] = faults.list();
    if (fault === undefined || callsMax - fault.times < count) throw new Error('too few calls have failed');
  }, 60_000);

const linesOf = (desk: Desk, words: string): readonly string[] =>
  desk
    .conversations()
    .find(({ entries }) => entries.some(({ text }) => text === words))
    ?.entries.map(shown) ?? [];

const outages: readonly Effect[] = [
  { kind: 'answer-before', answer: { status: 500, body: {} } },
  { kind: 'reset-before' },
];

describe.each(inboxKinds)('after an outage of %s', (kind) => {
  it.each(outages)(
    'no conversation keeps waiting: everything is shown at once and in order ($kind)',
    { timeout: limitMs },
    async (effect) => {
      const desk = await openDesk(rig, kind);
      liftRateLimit(rig, desk);
      const crowd = gatherCrowd(rig, desk, customers);
      await crowd.write();
      await crowd.areShownOnce();
      faults.inject({ provider: kind, operation: '*', times: callsMax, effect });
      for (const text of ['one', 'two', 'three']) for (const at of crowd.at) telegram.text(at, { text });
      await hasFailed(failedCalls);
      faults.clear();
      await eventually(() => {
        const seen = crowd.at.map((at) => linesOf(desk, crowd.wordsOf(at)));
        expect(seen).toEqual(
          crowd.at.map((at) => [`customer: ${crowd.wordsOf(at)}`, 'customer: one', 'customer: two', 'customer: three']),
        );
      }, backMs);
    },
  );
});
