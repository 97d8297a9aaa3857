import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlOf } from '../inbox/entry-html.ts';
import { plainOf, runsOf } from './formatting.ts';
import type { ReceivedSpan, Span, SpanStyle } from './rich-text.ts';

const bold = (start: number, end: number): Span => ({ kind: 'style', style: 'bold', start, end });
const italic = (start: number, end: number): Span => ({ kind: 'style', style: 'italic', start, end });
const link = (start: number, end: number): Span => ({ kind: 'link', url: 'https://x.test/?a&b', start, end });
const html = (text: string, spans: readonly ReceivedSpan[]) =>
  htmlOf({ blocks: [{ kind: 'text', text, spans }], extras: [] });

describe('formatted text', () => {
  it('is cut into runs that do not overlap', () => {
    expect(html('Hello you', [bold(0, 5)])).toBe('<p><b>Hello</b> you</p>');
    expect(html('abc', [bold(0, 2), italic(1, 3)])).toBe('<p><b>a</b><i><b>b</b></i><i>c</i></p>');
    expect(html('<here>', [link(0, 6)])).toBe('<p><a href="https://x.test/?a&amp;b">&lt;here&gt;</a></p>');
  });

  it('becomes plain text with the addresses behind the words', () => {
    expect(plainOf({ text: 'See here.', spans: [link(4, 8), bold(0, 3)] })).toBe('See here (https://x.test/?a&b).');
    expect(plainOf({ text: 'https://x.test/?a&b', spans: [link(0, 19)] })).toBe('https://x.test/?a&b');
  });

  const style = (kind: SpanStyle, start: number, end: number): ReceivedSpan => ({
    kind: 'style',
    style: kind,
    start,
    end,
  });

  it.each<readonly [string, string, readonly ReceivedSpan[], string, string]>([
    [
      'what is struck out',
      'Please cancel keep my order',
      [style('strikethrough', 7, 13)],
      'Please ~~cancel~~ keep my order',
      '<p>Please ~~cancel~~ keep my order</p>',
    ],
    ['what is hidden', 'It is Bob', [style('spoiler', 6, 9)], 'It is ||Bob||', '<p>It is ||Bob||</p>'],
    [
      'quoted lines',
      'He said\none\ntwo\nno',
      [style('quote', 8, 15)],
      'He said\n> one\n> two\nno',
      '<p>He said<br>&gt; one<br>&gt; two<br>no</p>',
    ],
    [
      'the language of a program',
      'x = 1',
      [{ kind: 'style', style: 'preformatted', language: 'python', start: 0, end: 5 }],
      '```python\nx = 1\n```',
      '<p>```python<br><code>x = 1</code><br>```</p>',
    ],
    [
      'an address that no inbox opens',
      'Go here!',
      [{ kind: 'link', url: 'tonsite://a.ton', start: 3, end: 7 }],
      'Go here (tonsite://a.ton)!',
      '<p>Go here (tonsite://a.ton)!</p>',
    ],
    [
      'an address that would run',
      'Go',
      [{ kind: 'link', url: 'javascript:alert(1)', start: 0, end: 2 }],
      'Go (javascript:alert(1))',
      '<p>Go (javascript:alert(1))</p>',
    ],
    [
      'what the app shows for a time',
      'at 9',
      [{ kind: 'aside', words: '08:00 UTC', start: 3, end: 4 }],
      'at 9 (08:00 UTC)',
      '<p>at 9 (08:00 UTC)</p>',
    ],
    ['what is underlined, as emphasis', 'now', [style('underline', 0, 3)], 'now', '<p><i>now</i></p>'],
  ])('shows %s', (_what, text, spans, plain, asHtml) => {
    expect(plainOf({ text, spans })).toBe(plain);
    expect(html(text, spans)).toBe(asHtml);
  });

  it('has its signs around the right words, whatever lies over each other', () => {
    const spans = [
      bold(0, 6),
      style('strikethrough', 2, 4),
      style('strikethrough', 3, 6),
      link(4, 8),
      style('quote', 0, 9),
    ];
    expect(plainOf({ text: 'abcdefghi', spans })).toBe('> ab~~cdef~~gh (https://x.test/?a&b)i');
    expect(html('abcdefghi', spans)).toBe(
      '<p>&gt; <b>ab~~cd</b><a href="https://x.test/?a&amp;b"><b>ef</b></a><a href="https://x.test/?a&amp;b">~~gh</a>i</p>',
    );
  });

  it('loses no word, wherever its spans are', () => {
    const spans = fc.array(
      fc
        .tuple(fc.integer({ min: -5, max: 30 }), fc.integer({ min: -5, max: 30 }))
        .map(([start, end]) => bold(start, end)),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), spans, (text, some) => {
        expect(
          runsOf({ text, spans: some })
            .map((run) => run.text)
            .join(''),
        ).toBe(text);
        expect(plainOf({ text, spans: some })).toBe(text);
      }),
    );
  });
});
