import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountNumber } from './phone-number.ts';

it.each([
  ['491711234567', '+491711234567'],
  ['+491711234567', '+491711234567'],
  ['+49 171 123-45-67', '+491711234567'],
  ['88801234567', '+88801234567'],
  ['', ''],
  ['hidden', 'hidden'],
])('a number that Telegram vouches for always has its plus sign: %j', (shared, expected) => {
  expect(accountNumber(shared)).toBe(expected);
});

it('a number keeps its digits and is not changed again', () => {
  fc.assert(
    fc.property(fc.string(), (shared) => {
      const number = accountNumber(shared);
      expect(number.replace(/\D/g, '')).toBe(shared.replace(/\D/g, ''));
      expect(accountNumber(number)).toBe(number);
    }),
  );
});
