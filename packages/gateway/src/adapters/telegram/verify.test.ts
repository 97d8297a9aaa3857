import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundSecret } from '../../ports/secret.ts';
import { verify } from './verify.ts';

const name = 'x-telegram-bot-api-secret-token';
const wanted = 's3cret_Token-1';
const secret = new BoundSecret(wanted, []);

describe('a webhook call', () => {
  it('is admitted with the channel’s secret', () => {
    expect(verify({ [name]: 's3cret_Token-1' }, secret)).toBe(true);
  });

  it.each([
    ['without the header', {}],
    ['with an empty header', { [name]: '' }],
    ['with another secret', { [name]: 's3cret_Token-2' }],
    ['with the beginning of it', { [name]: 's3cret' }],
    ['with the header twice', { [name]: ['s3cret_Token-1', 's3cret_Token-1'] }],
    ['with the secret in another header', { authorization: 's3cret_Token-1' }],
  ])('is refused %s', (_name, headers) => {
    expect(verify(headers, secret)).toBe(false);
  });

  it('is never admitted by an empty secret', () => {
    expect(verify({ [name]: '' }, new BoundSecret('', []))).toBe(false);
    expect(verify({}, new BoundSecret('', []))).toBe(false);
  });

  it('is refused with 10,000 other secrets, near ones and far ones', () => {
    const one = fc.string({ minLength: 1, maxLength: 1 });
    const near = fc.oneof(
      fc.tuple(fc.nat(wanted.length - 1), one).map(([at, other]) => wanted.slice(0, at) + other + wanted.slice(at + 1)),
      fc.nat(wanted.length - 1).map((at) => wanted.slice(0, at) + wanted.slice(at + 1)),
      fc.tuple(fc.nat(wanted.length), one).map(([at, more]) => wanted.slice(0, at) + more + wanted.slice(at)),
      fc.constantFrom(wanted.toUpperCase(), wanted.toLowerCase(), ` ${wanted}`, `${wanted} `, `"${wanted}"`),
    );
    const others = fc.oneof(near, fc.string({ maxLength: 256 })).filter((given) => given !== wanted);
    expect(verify({ [name]: wanted }, secret)).toBe(true);
    fc.assert(
      fc.property(others, (given) => !verify({ [name]: given }, secret)),
      { numRuns: 10_000 },
    );
  });
});
