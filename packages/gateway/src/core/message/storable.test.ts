import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStorable, storable } from './storable.ts';

describe('making a value storable', () => {
  it('removes NUL and replaces unpaired surrogates, at any depth', () => {
    const value = { text: 'a\u0000b\ud83d', rows: [[{ label: '\udc00x' }]], count: 3, none: null };
    expect(storable(value)).toEqual({ text: 'ab\ufffd', rows: [[{ label: '\ufffdx' }]], count: 3, none: null });
  });

  it('does not change a well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('\u0000'));
        expect(storable({ text })).toEqual({ text });
      }),
    );
  });
});

describe('parsing JSON from outside', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it('keeps a hundred levels, and cuts off the rest', () => {
    expect(JSON.stringify(parseStorable(nested(100)))).toBe(nested(100));
    expect(JSON.stringify(parseStorable(nested(101)))).toBe(nested(100).replace('[]', '[null]'));
  });

  it('gives a value that can be serialised, however deep the JSON is', () => {
    for (const text of [
      nested(500_000),
      `{"a":"\\u0000","b":${nested(500_000)}}`,
      '{"a":'.repeat(9_000) + 1 + '}'.repeat(9_000),
    ]) {
      expect(JSON.stringify(parseStorable(text)).length).toBeLessThan(1_000);
    }
  });
});
