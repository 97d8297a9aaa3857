import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { ClaimedLane } from '../../store/lanes.ts';
import { createLeaseClock } from './lease-clock.ts';

const aLane = (): ClaimedLane => ({
  key: 'a',
  party: 'inbox:chn_1',
  workspaceId: 'w',
  lease: 'l',
  failures: 0,
  starts: 1,
  watchedTo: 0,
  jobs: [],
});

it('the lease clock counts a lease from before it was requested, and again from each renewal', () => {
  const clock = createVirtualClock();
  const leases = createLeaseClock(clock, 60_000, Number.POSITIVE_INFINITY);
  const lane = aLane();
  const askedMs = clock.monotonicMs();
  clock.advance(5_000);
  leases.recordGrant(lane, askedMs);
  clock.advance(54_999);
  expect(leases.mayBeOver(lane)).toBe(false);
  leases.recordGrant(lane, clock.monotonicMs());
  clock.advance(59_999);
  expect(leases.mayBeOver(lane)).toBe(false);
  clock.advance(1);
  expect(leases.mayBeOver(lane)).toBe(true);
});

it('the lease clock never declares a lane over whose grant it did not see', () => {
  expect(createLeaseClock(createVirtualClock(), 1, 1).mayBeOver(aLane())).toBe(false);
});

describe('a process that was silent for so long that others may have declared it dead', () => {
  const begin = () => {
    const clock = createVirtualClock();
    const leases = createLeaseClock(clock, 60_000, 9_000);
    const lane = aLane();
    leases.recordGrant(lane, clock.monotonicMs());
    const sign = () => leases.recordSign(clock.monotonicMs());
    return { clock, leases, lane, sign };
  };

  it('has lost its lanes, even after it gave another sign of life', () => {
    const { clock, leases, lane, sign } = begin();
    clock.advance(8_999);
    expect(leases.mayBeOver(lane)).toBe(false);
    clock.advance(1);
    expect(leases.mayBeOver(lane)).toBe(true);
    sign();
    expect(leases.mayBeOver(lane)).toBe(true);
  });

  it('has the lanes that it claims afterwards', () => {
    const { clock, leases, sign } = begin();
    clock.advance(20_000);
    sign();
    const lane = aLane();
    leases.recordGrant(lane, clock.monotonicMs());
    expect(leases.mayBeOver(lane)).toBe(false);
  });

  it('counts a sign of life from before it was requested', () => {
    const { clock, leases, lane } = begin();
    const askedMs = clock.monotonicMs();
    clock.advance(8_000);
    leases.recordSign(askedMs);
    clock.advance(1_000);
    expect(leases.mayBeOver(lane)).toBe(true);
  });
});
