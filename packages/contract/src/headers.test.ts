import { describe, expect, it } from 'vitest';
import { parseIdempotencyKey, parsePrefer } from './headers.ts';

describe('the header Idempotency-Key', () => {
  it.each(['a', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '!~'])('may be “%s”', (key) => {
    expect(parseIdempotencyKey(key)).toEqual({ ok: true, key });
  });

  it('is optional', () => {
    expect(parseIdempotencyKey(undefined)).toEqual({ ok: true, key: undefined });
  });

  it.each(['', 'x'.repeat(256), 'a b', 'é', 'a\n', ['a', 'b']].map((header) => [header]))('may not be %j', (header) => {
    const message = 'Idempotency-Key must be sent once, with 1 to 255 visible ASCII characters.';
    expect(parseIdempotencyKey(header)).toEqual({
      ok: false,
      code: 4,
      message,
      details: [{ pointer: '#/headers/Idempotency-Key', message }],
    });
  });
});

describe('the header Prefer', () => {
  it.each([
    ['handling=strict', true],
    ['respond-async, HANDLING = "Strict"', true],
    ['handling=strict; a=b', true],
    [['wait=10', 'handling=strict'], true],
    ['handling=lenient', false],
    ['handling=lenient, handling=strict', false],
    ['foo="a, handling=strict"', false],
    ['handling=strictly', false],
    ['xhandling=strict', false],
    ['', false],
    [undefined, false],
  ])('with the value %j asks for strict handling: %s', (header, strict) => {
    expect(parsePrefer(header)).toEqual({ ok: true, strict });
  });

  it('may have 256 characters and no more', () => {
    expect(parsePrefer('handling=strict, '.padEnd(256, 'x'))).toEqual({ ok: true, strict: true });
    expect(parsePrefer('handling=strict, '.padEnd(257, 'x'))).toMatchObject({
      ok: false,
      code: 4,
      details: [{ pointer: '#/headers/Prefer' }],
    });
  });
});
