import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlOf } from '../../core/inbox/entry-html.ts';
import { bodyHash, normaliseBody } from './normalise.ts';

describe('a normalised body of Intercom', () => {
  it.each([
    ['Hello', '<p>Hello</p>'],
    ['Hello\n\nworld', '<p class="no-margin">Hello</p><p class="no-margin">world</p>'],
    ['a < b & "c"', '<p>a &lt; b &amp; &quot;c&quot;</p>'],
    ["it's", '<p>it&#39;s</p>'],
    ['Photo', '<p>Photo</p>[Image]'],
    ['See https://a.example', '<p>See <a href="https://a.example" rel="nofollow">https://a.example</a></p>'],
    ['&lt;', '<p>&amp;lt;</p>'],
    ['Hallo', '<html><body><h2>HALLO</h2></body></html>'],
  ])('is the same for %j and %j', (left, right) => {
    expect(bodyHash(left)).toBe(bodyHash(right));
  });

  it('differs for different words', () => {
    expect(bodyHash('<p>Yes</p>')).not.toBe(bodyHash('<p>No</p>'));
  });

  it('is the same for plain text and for the HTML that the gateway writes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const html = htmlOf({ blocks: [{ kind: 'text', text }], extras: [] });
        expect(normaliseBody(html)).toBe(normaliseBody(text));
      }),
    );
  });

  it('does not change when plain text is normalised again', () => {
    expect(normaliseBody(normaliseBody('A  b\nC'))).toBe('abc');
  });
});
