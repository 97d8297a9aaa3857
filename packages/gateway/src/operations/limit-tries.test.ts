import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { describe, expect, it } from 'vitest';
import { type CountTry, createTryLimit } from './limit-tries.ts';

const limits = { perAddress: { perSecond: 5, burst: 100 }, total: { perSecond: 50, burst: 1_000 } };
const countAllowed = (countTry: CountTry, addresses: readonly string[]) =>
  addresses.filter((address) => countTry(address).waitMs === 0).length;

describe('a customer with a whole /48 of IPv6', () => {
  const networks = Array.from({ length: 5_000 }, (_, index) => `2001:db8:1:${index.toString(16)}::1`);

  it('gets four times as much as one network, and leaves the rest to all others', () => {
    const clock = createManualClock();
    const countTry = createTryLimit(clock, limits);
    expect(countAllowed(countTry, networks)).toBe(400);
    expect(countAllowed(countTry, Array<string>(100).fill('2001:db8:2::1'))).toBe(100);
    expect(countAllowed(countTry, ['203.0.113.7'])).toBe(1);
    clock.advance(1_000);
    expect(countAllowed(countTry, networks)).toBe(20);
  });

  it('gets back what turned out to be no guess', () => {
    const countTry = createTryLimit(createManualClock(), limits);
    for (const address of networks) countTry(address).giveBack();
    expect(countAllowed(countTry, networks)).toBe(400);
  });
});

describe('tries without a limit of all together', () => {
  it('delay only the callers that try too often', () => {
    const countTry = createTryLimit(createManualClock(), { perAddress: { perSecond: 0.1, burst: 10 }, total: null });
    const strangers = Array.from({ length: 2_000 }, (_, index) => `203.0.${index >> 8}.${index & 255}`);
    expect(countAllowed(countTry, strangers)).toBe(2_000);
    expect(countAllowed(countTry, Array<string>(20).fill('203.0.0.1'))).toBe(9);
  });
});
