import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { describe, expect, it } from 'vitest';
import { createDeadlines } from './deadlines.ts';

/** Lets everything that already can happen happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('deadlines', () => {
  it('expire each at its own time, in any order of setting', async () => {
    const clock = createManualClock();
    const deadlines = createDeadlines(clock);
    const expired: string[] = [];
    deadlines.after(300, () => expired.push('late'));
    deadlines.after(100, () => expired.push('early'));
    deadlines.after(200, () => expired.push('middle'));
    for (const wanted of [[], ['early'], ['early', 'middle'], ['early', 'middle', 'late']]) {
      expect(expired).toEqual(wanted);
      clock.advance(100);
      await settle();
    }
    deadlines.after(50, () => expired.push('after a rest'));
    clock.advance(50);
    await settle();
    expect(expired).toHaveLength(4);
  });

  it('do not expire once they are cancelled, or all are closed', async () => {
    const clock = createManualClock();
    const deadlines = createDeadlines(clock);
    const expired: string[] = [];
    const cancel = deadlines.after(100, () => expired.push('cancelled'));
    deadlines.after(100, () => expired.push('kept'));
    deadlines.after(200, () => expired.push('closed'));
    cancel();
    clock.advance(100);
    await settle();
    deadlines.close();
    clock.advance(100);
    await settle();
    expect(expired).toEqual(['kept']);
  });

  it('expire also when a timer ends a little early', async () => {
    const clock = createManualClock();
    const deadlines = createDeadlines({
      ...clock,
      sleep: (delayMs, signal) => clock.sleep(Math.max(1, delayMs - 1), signal),
    });
    let expired = false;
    deadlines.after(100, () => {
      expired = true;
    });
    clock.advance(99);
    await settle();
    expect(expired).toBe(false);
    clock.advance(1);
    await settle();
    expect(expired).toBe(true);
  });

  it('use one timer for many calls with the same limit', () => {
    const clock = createManualClock();
    let sleeps = 0;
    const counting = {
      ...clock,
      sleep: (delayMs: number, signal?: AbortSignal) => {
        sleeps += 1;
        return clock.sleep(delayMs, signal);
      },
    };
    const deadlines = createDeadlines(counting);
    for (let n = 0; n < 1_000; n += 1) deadlines.after(55_000, () => undefined)();
    expect(sleeps).toBe(1);
  });
});
