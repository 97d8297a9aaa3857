import { describe, expect, it } from 'vitest';
import { bytesInAddress } from './data-uri.ts';

describe('the bytes in an address', () => {
  it.each([
    ['data:image/png;base64,iVBORw0KGgo=', '89504e470d0a1a0a'],
    ['data:image/png;name=a.png;BASE64,iVBORw0KGgo%3D', '89504e470d0a1a0a'],
    ['data:text/plain,a%20%C3%A9b', '6120c3a962'],
    ['data:,é', 'c3a9'],
    ['DATA:;base64,', ''],
  ])('of %s are %s', (address, hex) => {
    expect(bytesInAddress(address)?.toString('hex')).toBe(hex);
  });

  it.each(['https://a.example/data:,x', 'data:image/png;base64', ''])('are none in “%s”', (address) => {
    expect(bytesInAddress(address)).toBeNull();
  });
});
