import { describe, expect, it } from 'vitest';
import { Secret } from '../../ports/secret.ts';
import { verify } from './verify.ts';

const NAME = 'x-telegram-bot-api-secret-token';
const secret = new Secret('s3cret_Token-1');

describe('a webhook call', () => {
  it('is admitted with the channel’s secret', () => {
    expect(verify({ [NAME]: 's3cret_Token-1' }, secret)).toBe(true);
  });

  it.each([
    ['without the header', {}],
    ['with an empty header', { [NAME]: '' }],
    ['with another secret', { [NAME]: 's3cret_Token-2' }],
    ['with the beginning of it', { [NAME]: 's3cret' }],
    ['with the header twice', { [NAME]: ['s3cret_Token-1', 's3cret_Token-1'] }],
    ['with the secret in another header', { authorization: 's3cret_Token-1' }],
  ])('is refused %s', (_name, headers) => {
    expect(verify(headers, secret)).toBe(false);
  });

  it('is never admitted by an empty secret', () => {
    expect(verify({ [NAME]: '' }, new Secret(''))).toBe(false);
    expect(verify({}, new Secret(''))).toBe(false);
  });
});
