import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { describe, expect, it } from 'vitest';
import type { ClaimedLane } from '../../store/lanes.ts';
import { createLeaseClock } from './lease-clock.ts';

const aLane = (): ClaimedLane => ({ key: 'a', workspaceId: 'w', lease: 'l', failures: 0, jobs: [] });

it('counts a lease from before it was asked for, and anew from each renewal', () => {
  const clock = createVirtualClock();
  const leases = createLeaseClock(clock, 60_000, Number.POSITIVE_INFINITY);
  const lane = aLane();
  const askedMs = clock.monotonicMs();
  clock.advance(5_000);
  leases.began(lane, askedMs);
  clock.advance(54_999);
  expect(leases.mayBeOver(lane)).toBe(false);
  leases.began(lane, clock.monotonicMs());
  clock.advance(59_999);
  expect(leases.mayBeOver(lane)).toBe(false);
  clock.advance(1);
  expect(leases.mayBeOver(lane)).toBe(true);
});

it('says nothing of a lane that nobody timed', () => {
  expect(createLeaseClock(createVirtualClock(), 1, 1).mayBeOver(aLane())).toBe(false);
});

describe('a process that was silent for so long that others may have taken it for dead', () => {
  const begin = () => {
    const clock = createVirtualClock();
    const leases = createLeaseClock(clock, 60_000, 9_000);
    const lane = aLane();
    leases.began(lane, clock.monotonicMs());
    const sign = () => leases.gaveSign(clock.monotonicMs());
    return { clock, leases, lane, sign };
  };

  it('has lost its lanes, also after it gave another sign', () => {
    const { clock, leases, lane, sign } = begin();
    clock.advance(8_999);
    expect(leases.mayBeOver(lane)).toBe(false);
    clock.advance(1);
    expect(leases.mayBeOver(lane)).toBe(true);
    sign();
    expect(leases.mayBeOver(lane)).toBe(true);
  });

  it('has those that it claims afterwards', () => {
    const { clock, leases, sign } = begin();
    clock.advance(20_000);
    sign();
    const lane = aLane();
    leases.began(lane, clock.monotonicMs());
    expect(leases.mayBeOver(lane)).toBe(false);
  });

  it('counts a sign from before it was asked for', () => {
    const { clock, leases, lane } = begin();
    const askedMs = clock.monotonicMs();
    clock.advance(8_000);
    leases.gaveSign(askedMs);
    clock.advance(1_000);
    expect(leases.mayBeOver(lane)).toBe(true);
  });
});
