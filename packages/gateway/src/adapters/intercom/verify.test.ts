import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../ports/secret.ts';
import { verify } from './verify.ts';

/** printf '{"type":"notification_event"}' | openssl dgst -sha1 -hmac 'client-secret' */
const vector = {
  rawBody: Buffer.from('{"type":"notification_event"}'),
  signature: 'sha1=ee7428da80e3d30bcbfcd10b30708df0b660715d',
  secret: new Secret('client-secret'),
};

describe('verify', () => {
  it('accepts what openssl signs', () => {
    expect(verify({ headers: { 'x-hub-signature': vector.signature }, rawBody: vector.rawBody }, vector.secret)).toBe(
      true,
    );
  });

  it('refuses a body with any byte flipped', () => {
    fc.assert(
      fc.property(fc.nat(vector.rawBody.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const rawBody = Buffer.from(vector.rawBody);
        rawBody[at] = (rawBody[at] ?? 0) ^ mask;
        expect(verify({ headers: { 'x-hub-signature': vector.signature }, rawBody }, vector.secret)).toBe(false);
      }),
    );
  });

  it.each([
    ['no signature', {}],
    ['an empty signature', { 'x-hub-signature': '' }],
    ['a signature cut short', { 'x-hub-signature': vector.signature.slice(0, -1) }],
    ['another algorithm', { 'x-hub-signature': vector.signature.replace('sha1', 'sha2') }],
    ['two signatures', { 'x-hub-signature': [vector.signature, vector.signature] }],
  ])('refuses %s', (_case, headers) => {
    expect(verify({ headers, rawBody: vector.rawBody }, vector.secret)).toBe(false);
  });

  it('accepts nothing while no secret is known', () => {
    const call = { headers: { 'x-hub-signature': vector.signature }, rawBody: vector.rawBody };
    expect(verify(call, null)).toBe(false);
    expect(verify(call, new Secret(''))).toBe(false);
    expect(verify(call, new Secret('another'))).toBe(false);
  });
});
