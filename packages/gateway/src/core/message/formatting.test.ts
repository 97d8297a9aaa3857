import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlOf } from '../inbox/entry-html.ts';
import { plainOf, runsOf } from './formatting.ts';
import type { Span } from './rich-text.ts';

const bold = (start: number, end: number): Span => ({ kind: 'style', style: 'bold', start, end });
const italic = (start: number, end: number): Span => ({ kind: 'style', style: 'italic', start, end });
const link = (start: number, end: number): Span => ({ kind: 'link', url: 'https://x.test/?a&b', start, end });
const html = (text: string, spans: readonly Span[]) => htmlOf({ blocks: [{ kind: 'text', text, spans }], extras: [] });

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
