import { setImmediate } from 'node:timers/promises';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../operations/api-error.ts';
import { type BodyBudget, createBodyBudget } from './body-budget.ts';

/** As much as a shared webhook has, counted in kB. */
const limits = { totalBytes: 16_000, holderBytes: 4_000, bodyMs: 5_000 };

/** A body that is being read, and how it ended. */
function beginBody(budget: BodyBudget, holder: string) {
  const allowance = budget(holder);
  let end: string | null = null;
  const stop = (cause: unknown) => {
    end = cause instanceof ApiError ? cause.error : String(cause);
    allowance.onStop(null);
    allowance.release();
  };
  allowance.onStop(stop);
  return {
    arrive(bytes: number) {
      if (end !== null) return;
      try {
        allowance.take(bytes);
      } catch (cause) {
        stop(cause);
      }
    },
    /** The whole body arrived; it is in memory until `release`. */
    complete: () => allowance.onStop(null),
    release: allowance.release,
    end: () => end,
  };
}

function startBudget() {
  const clock = createManualClock();
  const full: string[] = [];
  return { clock, full, budget: createBodyBudget(limits, clock, (holder) => void full.push(holder)) };
}

/** Unfinished bodies that take all room, each of another network. */
function flood(budget: BodyBudget, networks: number) {
  const bytes = limits.totalBytes / networks;
  return Array.from({ length: networks }, (_, index) => {
    const body = beginBody(budget, `network ${index}`);
    body.arrive(bytes);
    return body;
  });
}

describe('a full budget of bodies', () => {
  it('has room for a genuine body while eight thousand networks hold less than it needs', () => {
    const { budget, full } = startBudget();
    const bodies = flood(budget, 8_000);
    for (let call = 0; call < 100; call += 1) {
      const genuine = beginBody(budget, 'provider');
      genuine.arrive(4);
      genuine.complete();
      expect([call, genuine.end()]).toEqual([call, null]);
      genuine.release();
    }
    expect(full).toEqual([]);
    expect(bodies.findIndex((body) => body.end() === null)).toBe(2);
  });

  it('ends the bodies that began first, so that a flood of new ones does not end one that is arriving', () => {
    const { budget } = startBudget();
    const slow = flood(budget, 8_000);
    const genuine = beginBody(budget, 'provider');
    genuine.arrive(2);
    // Half of the room is taken by new bodies between two packets of the genuine one.
    const late = Array.from({ length: 4_000 }, (_, index) => beginBody(budget, `late ${index}`));
    for (const body of late) body.arrive(2);
    genuine.arrive(2);
    genuine.complete();
    expect(genuine.end()).toBeNull();
    expect(late.filter((body) => body.end() !== null)).toEqual([]);
    expect(slow.filter((body) => body.end() === 'UNAVAILABLE').length).toBe(4_002);
  });

  it('lets holders with much make room first, however late they began', () => {
    const { budget } = startBudget();
    const [little, ...others] = [
      beginBody(budget, 'little'),
      ...Array.from({ length: 5 }, (_, index) => beginBody(budget, `much ${index}`)),
    ];
    little?.arrive(100);
    for (const body of others) body.arrive(3_900);
    expect(little?.end()).toBeNull();
    expect(others.filter((body) => body.end() !== null).length).toBe(1);
  });

  it('refuses more where every body in it is complete, and where the oldest one asks for more', () => {
    const { budget, full } = startBudget();
    const bodies = flood(budget, 8_000);
    bodies[0]?.arrive(2);
    expect(bodies[0]?.end()).toBe('UNAVAILABLE');
    for (const body of bodies) body.complete();
    const another = beginBody(budget, 'provider');
    another.arrive(4);
    expect(another.end()).toBe('UNAVAILABLE');
    expect(full).toEqual(['network 0', 'provider']);
    for (const body of bodies) body.release();
    const later = beginBody(budget, 'provider');
    later.arrive(4);
    expect(later.end()).toBeNull();
  });
});

describe('a body of a caller without proof', () => {
  it('ends when its time is over, and not if it is complete by then', async () => {
    const { budget, clock } = startBudget();
    const [slow, quick, empty] = [beginBody(budget, 'a'), beginBody(budget, 'b'), beginBody(budget, 'c')];
    slow.arrive(1);
    quick.arrive(1);
    clock.advance(4_999);
    await setImmediate();
    clock.advance(499);
    await setImmediate();
    quick.complete();
    expect([slow.end(), empty.end()]).toEqual([null, null]);
    clock.advance(1);
    await setImmediate();
    expect([slow.end(), empty.end(), quick.end()]).toEqual(['TYPE_MISMATCH', 'TYPE_MISMATCH', null]);
  });

  it('ends as well if its head took all of the time', async () => {
    const { budget, clock } = startBudget();
    const allowance = budget('a');
    clock.advance(4_500);
    await setImmediate();
    clock.advance(500);
    await setImmediate();
    let end: unknown = null;
    allowance.onStop((cause) => {
      end = cause.error;
    });
    expect(end).toBe('TYPE_MISMATCH');
  });
});
