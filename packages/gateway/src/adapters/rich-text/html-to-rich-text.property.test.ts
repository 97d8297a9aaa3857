import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RichText } from '../../core/message/rich-text.ts';
import { htmlToRichText } from './html-to-rich-text.ts';
import { isHtml, plainToRichText } from './plain-to-rich-text.ts';

const names =
  'p div br ul ol li h1 h3 b strong i em u s del code pre blockquote a img table tr td th span script style svg hr form button font o:p'.split(
    ' ',
  );
const attribute = fc.constantFrom(
  '',
  ' class="no-margin"',
  ' href="https://a.example/?x=1&y"',
  ' href=mailto:a@b.example',
  ' href="javascript:x"',
  ' href="in/x"',
  ' src="https://i.example/a.png" alt=\'x\'',
  ' src="cid:1" alt="y"',
  ' start=-7',
  ' value="99999999999999999999"',
  ' __proto__="x" constructor=y',
);
const words = fc.oneof(
  fc.constantFrom(' ', '\n', '\n\n\n', 'a', 'b c', '&nbsp;', '&zwnj;', '&amp;', '😀', '\t', '  '),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replace(/[<>&]/g, '')),
);
/** Tags open and close in any order, as in no honest document. */
const token = fc.oneof(
  { weight: 3, arbitrary: words },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...names), attribute).map(([name, given]) => `<${name}${given}>`),
  },
  { weight: 2, arbitrary: fc.constantFrom(...names).map((name) => `</${name}>`) },
  { weight: 1, arbitrary: fc.constantFrom('<!-- x -->', '<br/>', '<![CDATA[x]]>', '<?x?>') },
);
const generatedHtml = fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(''));

function expectLawful({ text, spans }: RichText): void {
  expect(text).not.toMatch(/^\n|\s$|\n\s*\n\s*\n|\r/);
  expect(/\p{Surrogate}|\p{Cc}(?<!\n)/u.test(text)).toBe(false);
  for (const { start, end } of spans) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(text.length);
    expect(text.slice(start, end).trim()).not.toBe('');
  }
  for (const outer of spans) {
    for (const inner of spans) {
      const crosses = outer.start < inner.start && inner.start < outer.end && outer.end < inner.end;
      expect(crosses).toBe(false);
    }
  }
}

describe('any HTML', () => {
  it('becomes valid text without a tag', () => {
    fc.assert(
      fc.property(generatedHtml, (html) => {
        const { body, images } = htmlToRichText(html);
        expectLawful(body);
        expect(body.text).not.toMatch(/[<>]/);
        expect(images.every(({ url }) => /^(?:https?|data):/.test(url))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has a style only once at any place, and no style inside code', () => {
    fc.assert(
      fc.property(generatedHtml, (html) => {
        const { spans } = htmlToRichText(html).body;
        const kindOf = (span: (typeof spans)[number]) => (span.kind === 'link' ? 'link' : span.style);
        for (const [at, span] of spans.entries()) {
          const others = spans.filter(
            (other, index) => index !== at && other.start < span.end && span.start < other.end,
          );
          expect(others.map(kindOf)).not.toContain(kindOf(span));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is read without an exception', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expectLawful(htmlToRichText(text).body);
        expectLawful(plainToRichText(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read the same in one piece and in several', () => {
    fc.assert(
      fc.property(generatedHtml, fc.integer({ min: 8_150, max: 8_192 }), (html, padding) => {
        const filler = `<p>${'x'.repeat(padding)}</p>`;
        const { body } = htmlToRichText(`${filler}<p class="no-margin"></p>${html}`);
        expect(body.text.startsWith('x'.repeat(padding))).toBe(true);
        expect(body.text.slice(padding).trimStart()).toBe(htmlToRichText(html).body.text.trimStart());
      }),
    );
  });
});

describe('the distinction of HTML from plain text', () => {
  it.each([
    ['<p class="no-margin">Hello</p>', true],
    ['<div>a</div><img src="x">', true],
    ['\n<ul><li>a</li></ul>\n', true],
    ['<!-- x --><p>a</p>', true],
    ['Hello', false],
    ['a < b and c > d', false],
    ['1 <2 but 3> 2', false],
    ['write <b>bold</b> for bold', false],
    ['<b>bold</b> is bold', false],
    ['<p> begins a paragraph', false],
    ['<promo> code', false],
    ['&lt;p&gt;', false],
    ['', false],
  ])('takes %j for HTML: %s', (body, expected) => {
    expect(isHtml(body)).toBe(expected);
  });

  it('leaves plain text unchanged', () => {
    expect(plainToRichText('\n\na < b &amp; <b>\r\n  indented \n\n\n\nend\n').text).toBe(
      'a < b &amp; <b>\n  indented\n\nend',
    );
  });
});
