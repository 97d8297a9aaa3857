import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundSecret } from '../../ports/secret.ts';
import { hasSignature, verify } from './verify.ts';

/** printf '{"type":"notification_event"}' | openssl dgst -sha1 -hmac 'client-secret' */
const vector = {
  rawBody: Buffer.from('{"type":"notification_event"}'),
  signature: 'sha1=ee7428da80e3d30bcbfcd10b30708df0b660715d',
  secret: new BoundSecret('client-secret', []),
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
    expect(hasSignature(headers)).toBe(false);
  });

  it('has a head that is accepted, in capitals too', () => {
    for (const given of [vector.signature, vector.signature.toUpperCase()])
      expect(hasSignature({ 'x-hub-signature': given })).toBe(true);
  });

  it('accepts nothing while no secret is known', () => {
    const call = { headers: { 'x-hub-signature': vector.signature }, rawBody: vector.rawBody };
    expect(verify(call, null)).toBe(false);
    expect(verify(call, new BoundSecret('', []))).toBe(false);
    expect(verify(call, new BoundSecret('another', []))).toBe(false);
  });

  it('refuses 10,000 calls that were changed in one place', () => {
    const body = [...vector.rawBody];
    const bytes = fc.oneof(
      fc
        .tuple(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }))
        .map(([at, mask]) => body.with(at, (body[at] ?? 0) ^ mask)),
      fc.nat(body.length - 1).map((at) => body.toSpliced(at, 1)),
      fc.tuple(fc.nat(body.length), fc.nat(255)).map(([at, byte]) => body.toSpliced(at, 0, byte)),
      fc.array(fc.nat(255), { maxLength: 64 }),
    );
    const hex = fc.constantFrom(...'0123456789abcdef');
    const signature = fc.oneof(
      fc
        .tuple(fc.integer({ min: 5, max: 44 }), hex)
        .map(([at, digit]) => vector.signature.slice(0, at) + digit + vector.signature.slice(at + 1)),
      fc.array(hex, { minLength: 38, maxLength: 42 }).map((digits) => `sha1=${digits.join('')}`),
      fc.string({ maxLength: 60 }),
    );
    const secret = fc.string({ maxLength: 20 });
    const given = { signature: vector.signature, rawBody: vector.rawBody, secret: 'client-secret' };
    const changed = fc.oneof(
      bytes.map((mutated) => ({ ...given, rawBody: Buffer.from(mutated) })),
      signature.map((mutated) => ({ ...given, signature: mutated })),
      secret.map((mutated) => ({ ...given, secret: mutated })),
    );
    const isSame = (call: typeof given) =>
      call.signature.toLowerCase() === given.signature &&
      call.rawBody.equals(given.rawBody) &&
      call.secret === given.secret;
    const accepts = (call: typeof given) =>
      verify(
        { headers: { 'x-hub-signature': call.signature }, rawBody: call.rawBody },
        new BoundSecret(call.secret, []),
      );
    expect(accepts(given)).toBe(true);
    fc.assert(
      fc.property(
        changed.filter((call) => !isSame(call)),
        (call) => !accepts(call),
      ),
      { numRuns: 10_000 },
    );
  });
});
