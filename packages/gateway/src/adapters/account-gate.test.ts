import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { describe, expect, it } from 'vitest';
import { createAccountGate } from './account-gate.ts';
import type { Reply } from './json-answer.ts';

const answered = (status: number): Reply => ({ kind: 'answered', status, headers: {}, json: {} });
const noAnswer: Reply = { kind: 'uncertain', detail: 'reset' };

function arrange() {
  const clock = createManualClock();
  const gate = createAccountGate(clock);
  let calls = 0;
  return {
    clock,
    calls: () => calls,
    ask: (reply: Reply | Promise<Reply>) =>
      gate.pass(
        async () => {
          calls += 1;
          return reply;
        },
        ({ status }) => (status === 429 ? 5_000 : null),
      ),
  };
}
const waits = (retryAfterMs: number) => ({ kind: 'not-written', retryAfterMs });

describe('calls to an account whose limit is used up', () => {
  it('are held back for as long as the provider asks', async () => {
    const { ask, clock, calls } = arrange();
    expect(await ask(answered(429))).toEqual(answered(429));
    expect(await ask(answered(200))).toMatchObject(waits(5_000));
    clock.advance(3_000);
    expect(await ask(answered(200))).toMatchObject(waits(2_000));
    clock.advance(2_000);
    expect(await ask(answered(200))).toEqual(answered(200));
    expect(calls()).toBe(2);
  });
});

describe('a provider account that does not answer', () => {
  it.each([noAnswer, answered(503), { kind: 'not-written', detail: 'refused' } as const])(
    'is called once at a time, at growing intervals, and without limit once it answers again (%o)',
    async (failing) => {
      const { ask, clock, calls } = arrange();
      for (let count = 0; count < 5; count += 1) await ask(failing);
      expect(await ask(failing)).toMatchObject(waits(1_000));
      clock.advance(1_000);
      let answer: (reply: Reply) => void = () => undefined;
      const probe = ask(new Promise<Reply>((resolve) => (answer = resolve)));
      expect(await ask(failing)).toMatchObject(waits(10_000));
      answer(failing);
      await probe;
      expect(await ask(failing)).toMatchObject(waits(2_000));
      clock.advance(2_000);
      expect(await ask(answered(404))).toEqual(answered(404));
      expect(await ask(answered(200))).toEqual(answered(200));
      expect(calls()).toBe(8);
    },
  );

  it('is called at least once a minute', async () => {
    const { ask, clock } = arrange();
    for (let count = 0; count < 20; count += 1) {
      await ask(noAnswer);
      clock.advance(60_000);
    }
    expect(await ask(answered(200))).toEqual(answered(200));
  });

  it('does not count as down while it answers some calls', async () => {
    const { ask, calls } = arrange();
    for (let count = 0; count < 20; count += 1) {
      await ask(noAnswer);
      await ask(answered(200));
    }
    expect(calls()).toBe(40);
  });
});
