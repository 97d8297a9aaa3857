import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundSecret } from '../../ports/secret.ts';
import { hasSignature, verify } from './verify.ts';

const secret = new BoundSecret('client-secret', []);
const nowMs = 1_795_348_800_000;
const publicUrl = 'https://gw.example/hubspot/webhook';
const rawBody = Buffer.from('{"type":"OUTGOING_CHANNEL_MESSAGE_CREATED"}');

/** printf '%s' 'POSThttps://gw.example/hubspot/webhook{"type":"OUTGOING_CHANNEL_MESSAGE_CREATED"}1795348800000' | openssl dgst -sha256 -hmac client-secret -binary | base64 */
const signature = 'noo1NJriAZtBE0DU7rznvRmUWkT/2E5/idYXJieuM2A=';

const call = (headers: Readonly<Record<string, string | undefined>> = {}, more: object = {}) => ({
  method: 'POST',
  publicUrl,
  rawBody,
  headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(nowMs), ...headers },
  ...more,
});

describe('hasSignature', () => {
  const check = (change: Readonly<Record<string, string | undefined>>, atMs = nowMs) =>
    hasSignature(call(change).headers, atMs);

  it('accepts the head of a genuine call for five minutes', () => {
    expect([check({}), check({}, nowMs + 300_000), check({}, nowMs - 300_000)]).toEqual([true, true, true]);
  });

  it.each([
    ['no signature', { 'x-hubspot-signature-v3': undefined }, 0],
    ['a signature cut short', { 'x-hubspot-signature-v3': signature.slice(1) }, 0],
    ['a signature that is not base64', { 'x-hubspot-signature-v3': `${'*'.repeat(43)}=` }, 0],
    ['no timestamp', { 'x-hubspot-request-timestamp': undefined }, 0],
    ['an old timestamp', {}, 300_001],
    ['a timestamp of the future', {}, -300_001],
  ])('refuses %s', (_case, change, laterMs) => {
    expect(check(change, nowMs + laterMs)).toBe(false);
  });
});

describe('verify', () => {
  it('accepts what openssl signs', () => {
    expect(verify(call(), secret, nowMs)).toBe(true);
  });

  it('refuses a body with any byte flipped', () => {
    fc.assert(
      fc.property(fc.nat(rawBody.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(rawBody);
        changed[at] = (changed[at] ?? 0) ^ mask;
        expect(verify(call({}, { rawBody: changed }), secret, nowMs)).toBe(false);
      }),
    );
  });

  it.each([
    [0, true],
    [300_000, true],
    [300_001, false],
    [-300_000, true],
    [-300_001, false],
  ])('with a clock %i ms later than the timestamp answers %s', (later, expected) => {
    expect(verify(call(), secret, nowMs + later)).toBe(expected);
  });

  it('signs the address with HubSpot’s own characters decoded, and no others', () => {
    const signed = 'https://gw.example/hook?a=b/c:d@e&f=%20x%26';
    const given = 'https://gw.example/hook?a=b%2Fc%3ad%40e&f=%20x%26';
    const made = createHmac('sha256', 'client-secret').update(`POST${signed}${rawBody}${nowMs}`).digest('base64');
    expect(verify(call({ 'x-hubspot-signature-v3': made }, { publicUrl: given }), secret, nowMs)).toBe(true);
  });

  it.each([
    ['no signature', call({ 'x-hubspot-signature-v3': undefined })],
    ['an empty signature', call({ 'x-hubspot-signature-v3': '' })],
    ['a signature cut short', call({ 'x-hubspot-signature-v3': signature.slice(0, -1) })],
    ['no timestamp', call({ 'x-hubspot-request-timestamp': undefined })],
    ['a timestamp that is none', call({ 'x-hubspot-request-timestamp': 'NaN' })],
    ['another method', call({}, { method: 'PUT' })],
    ['another address', call({}, { publicUrl: 'https://gw.example/hubspot/webhook?x' })],
  ])('refuses %s', (_case, given) => {
    expect(verify(given, secret, nowMs)).toBe(false);
  });

  it('accepts nothing while no secret is known', () => {
    expect(verify(call(), null, nowMs)).toBe(false);
    expect(verify(call(), new BoundSecret('', []), nowMs)).toBe(false);
  });

  it('refuses 10,000 calls that were changed in one place', () => {
    const given = {
      signature,
      timestamp: String(nowMs),
      method: 'POST',
      publicUrl,
      body: rawBody.toString(),
      secret: 'client-secret',
    };
    const oneOff = (text: string) =>
      fc.oneof(
        fc
          .tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }))
          .map(([at, one]) => text.slice(0, at) + one + text.slice(at + 1)),
        fc.nat(text.length - 1).map((at) => text.slice(0, at) + text.slice(at + 1)),
        fc
          .tuple(fc.nat(text.length), fc.string({ minLength: 1, maxLength: 3 }))
          .map(([at, more]) => text.slice(0, at) + more + text.slice(at)),
        fc.string({ maxLength: 80 }),
      );
    const names = Object.keys(given) as (keyof typeof given)[];
    const changed = fc
      .constantFrom(...names)
      .chain((name) => oneOff(given[name]).map((text) => ({ ...given, [name]: text })))
      // The method counts in capitals, the address with some characters decoded.
      .filter(
        (call) =>
          call.method.toUpperCase() !== 'POST' || names.some((name) => name !== 'method' && call[name] !== given[name]),
      );
    const accepts = (one: typeof given) =>
      verify(
        {
          method: one.method,
          publicUrl: one.publicUrl,
          rawBody: Buffer.from(one.body),
          headers: { 'x-hubspot-signature-v3': one.signature, 'x-hubspot-request-timestamp': one.timestamp },
        },
        new BoundSecret(one.secret, []),
        nowMs,
      );
    expect(accepts(given)).toBe(true);
    fc.assert(
      fc.property(changed, (one) => !accepts(one)),
      { numRuns: 10_000 },
    );
  });
});
