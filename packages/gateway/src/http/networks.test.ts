import { describe, expect, it } from 'vitest';
import { isWithin } from './networks.ts';

describe('an address', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7']],
    ['203.0.113.7', ['198.51.100.1', '203.0.113.0/24']],
    ['::ffff:203.0.113.7', ['203.0.113.0/24']],
    ['::FFFF:203.0.113.7', ['203.0.113.7']],
    ['2001:db8::7', ['2001:db8::/32']],
    ['2001:0db8:0::0007', ['2001:db8::7']],
    ['10.0.0.1', ['0.0.0.0/0']],
  ])('%s is within %j', (address, networks) => {
    expect(isWithin(networks, address)).toBe(true);
  });

  it.each([
    ['203.0.114.7', ['203.0.113.0/24']],
    ['203.0.113.8', ['203.0.113.7']],
    ['2001:db9::7', ['2001:db8::/32']],
    ['not an address', ['0.0.0.0/0']],
    ['', ['0.0.0.0/0', '::/0']],
    ['203.0.113.7', []],
  ])('%s is not within %j', (address, networks) => {
    expect(isWithin(networks, address)).toBe(false);
  });
});
