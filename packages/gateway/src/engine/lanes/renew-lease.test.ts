import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { ClaimedLane } from '../../store/lanes.ts';
import { createLeaseClock } from './lease-clock.ts';
import { createHoldLane } from './renew-lease.ts';

const lane: ClaimedLane = { key: 'a', workspaceId: 'w', lease: 'l', failures: 0, jobs: [] };

function arrange(isOurs: () => boolean = () => true) {
  const clock = createVirtualClock();
  const renewed: number[] = [];
  const store = {
    lanes: {
      renewLease: async (_lane: ClaimedLane, leaseMs: number) => {
        renewed.push(leaseMs);
        return isOurs();
      },
    },
  };
  const leases = createLeaseClock(clock, 60_000, Number.POSITIVE_INFINITY);
  return { clock, renewed, hold: createHoldLane({ store, clock, leases, leaseMs: 60_000, everyMs: 15_000 }) };
}

describe('a lane that is held', () => {
  it('keeps its lease while the work goes on, and no longer', async () => {
    const { clock, renewed, hold } = arrange();
    let end: (value: string) => void = () => undefined;
    const held = hold(lane, () => new Promise<string>((resolve) => (end = resolve)));
    clock.advance(15_000);
    await clock.whenAsleep();
    clock.advance(15_000);
    await clock.whenAsleep();
    end('done');
    expect(await held).toBe('done');
    clock.advance(60_000);
    expect(renewed).toEqual([60_000, 60_000]);
  });

  it('is given up where somebody else has it', async () => {
    const { clock, renewed, hold } = arrange(() => false);
    let end: () => void = () => undefined;
    const held = hold(lane, () => new Promise<void>((resolve) => (end = resolve)));
    clock.advance(60_000);
    end();
    await held;
    expect(renewed).toHaveLength(1);
  });

  it('is asked for again at the next beat where the store failed, and the work goes on', async () => {
    let asked = 0;
    const { clock, hold } = arrange(() => {
      asked += 1;
      if (asked === 1) throw new Error('the store is away');
      return true;
    });
    let end: (value: string) => void = () => undefined;
    const held = hold(lane, () => new Promise<string>((resolve) => (end = resolve)));
    clock.advance(15_000);
    await clock.whenAsleep();
    clock.advance(15_000);
    await clock.whenAsleep();
    end('done');
    expect(await held).toBe('done');
    expect(asked).toBe(2);
  });

  it('is let go where the work fails', async () => {
    const { clock, hold } = arrange();
    await expect(hold(lane, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(clock.sleeping()).toEqual([]);
  });
});
