import { expect, it } from 'vitest';
import type { ClaimedLane } from '../../store/lanes.ts';
import { createLanesInHand } from './lanes-in-hand.ts';
import type { LeaseClock } from './lease-clock.ts';

it('an endpoint has 32 requests at once, also where a bot may have more lanes', () => {
  const inHand = createLanesInHand({ mayBeOver: () => false } as Partial<LeaseClock> as LeaseClock);
  const never = new Promise<void>(() => undefined);
  const sizeMax = 1_000;
  expect(inHand.room('webhook:whe_1', sizeMax)).toBe(32);
  for (const party of ['webhook:whe_1', 'chn_1']) {
    for (let count = 0; count < 32; count += 1) inHand.add({ party } as ClaimedLane, never);
  }
  expect(inHand.fullParties(sizeMax)).toEqual(['webhook:whe_1']);
  expect(inHand.room('webhook:whe_1', sizeMax)).toBe(0);
  expect(inHand.room('chn_1', sizeMax)).toBeGreaterThan(0);
});
