import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';

describe('an address of the public internet', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:81b::200e',
    '2001:200::1',
    '2620:0:ccc::2',
    // Over NAT64.
    '64:ff9b::8.8.8.8',
    '64:ff9b::808:808',
    '64:ff9b:0:0:0:0:808:808',
  ])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '64:ff9b::',
    '64:ff9b::1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b:1::808:808',
  ])('is not %s, whichever network translates it', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['', 'localhost', '1.1.1', '0x7f.0.0.1', '01.1.1.1', '1.1.1.1.', '[2606:4700::1]', '2606:4700::1%eth0'])(
    'is not %j',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );
});
