import { describe, expect, it } from 'vitest';
import { comparableEmail } from './email-address.ts';

describe('an e-mail address', () => {
  it('is compared without regard to upper and lower case', () => {
    expect(comparableEmail('Ada.K@Acme.TEST')).toBe('ada.k@acme.test');
  });

  it.each([
    ['the Kelvin sign, which is k in lower case', '\u212aate@acme.test'],
    ['a dotted capital I, which begins with i in lower case', 'al\u0130ce@acme.test'],
    ['a full-width letter', '\uff4bate@acme.test'],
    ['an invisible character', 'kate\u200b@acme.test'],
    ['a space', 'ka te@acme.test'],
  ])('equals no other one with %s', (_name, address) => {
    expect(comparableEmail(address)).toBeNull();
  });
});
