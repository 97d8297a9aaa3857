import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { ClaimedLane } from '../../store/lanes.ts';
import { createLeaseClock } from './lease-clock.ts';
import { renewLeaseWhile } from './renew-lease-while.ts';

const lane: ClaimedLane = {
  key: 'a',
  party: 'inbox:chn_1',
  workspaceId: 'w',
  lease: 'l',
  failures: 0,
  starts: 1,
  watchedTo: 0,
  jobs: [],
};

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
  const deps = { store, clock, leases, leaseMs: 60_000, everyMs: 15_000 };
  const renewWhile = <T>(work: () => Promise<T>) => renewLeaseWhile(deps, lane, work);
  return { clock, renewed, renewWhile };
}

describe('the lease of a lane during long work', () => {
  it('is renewed while the work continues, and not after it', async () => {
    const { clock, renewed, renewWhile } = arrange();
    let end: (value: string) => void = () => undefined;
    const working = renewWhile(() => new Promise<string>((resolve) => (end = resolve)));
    clock.advance(15_000);
    await clock.whenAsleep();
    clock.advance(15_000);
    await clock.whenAsleep();
    end('done');
    expect(await working).toBe('done');
    clock.advance(60_000);
    expect(renewed).toEqual([60_000, 60_000]);
  });

  it('is not renewed any more if another process has the lane', async () => {
    const { clock, renewed, renewWhile } = arrange(() => false);
    let end: () => void = () => undefined;
    const working = renewWhile(() => new Promise<void>((resolve) => (end = resolve)));
    clock.advance(60_000);
    end();
    await working;
    expect(renewed).toHaveLength(1);
  });

  it('is requested again after a failure of the store, and the work continues', async () => {
    let asked = 0;
    const { clock, renewWhile } = arrange(() => {
      asked += 1;
      if (asked === 1) throw new Error('the store is away');
      return true;
    });
    let end: (value: string) => void = () => undefined;
    const working = renewWhile(() => new Promise<string>((resolve) => (end = resolve)));
    clock.advance(15_000);
    await clock.whenAsleep();
    clock.advance(15_000);
    await clock.whenAsleep();
    end('done');
    expect(await working).toBe('done');
    expect(asked).toBe(2);
  });

  it('is not renewed any more after the work failed', async () => {
    const { clock, renewWhile } = arrange();
    await expect(renewWhile(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(clock.sleeping()).toEqual([]);
  });
});
