import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storable } from './storable.ts';

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
