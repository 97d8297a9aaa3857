import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storable } from './storable.ts';

describe('making storable', () => {
  it('takes NUL away and shows half a character as the replacement character, however deep they stand', () => {
    const value = { text: 'a\u0000b\ud83d', rows: [[{ label: '\udc00x' }]], count: 3, none: null };
    expect(storable(value)).toEqual({ text: 'ab\ufffd', rows: [[{ label: '\ufffdx' }]], count: 3, none: null });
  });

  it('leaves every well-formed text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('\u0000'));
        expect(storable({ text })).toEqual({ text });
      }),
    );
  });
});
