import { expect, it } from 'vitest';
import type { ClaimedLane } from '../store/lanes.ts';
import { createVirtualClock } from '../testing/virtual-clock.ts';
import { createLeaseClock } from './lease-clock.ts';

const aLane = (): ClaimedLane => ({ key: 'a', workspaceId: 'w', lease: 'l', failures: 0, jobs: [] });

it('counts a lease from before it was asked for, and anew from each renewal', () => {
  const clock = createVirtualClock();
  const leases = createLeaseClock(clock, 60_000);
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
  expect(createLeaseClock(createVirtualClock(), 1).mayBeOver(aLane())).toBe(false);
});
