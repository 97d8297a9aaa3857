import { describe, expect, it } from 'vitest';
import { readText } from './read-text.ts';

const problemsOf = (source: string, format: 'html' | 'markdown'): readonly string[] => {
  const read = readText(source, format, 'text');
  return read.ok ? [] : read.problems;
};
const wordsOf = (source: string, format: 'html' | 'markdown'): string => {
  const read = readText(source, format, 'text');
  return read.ok ? read.text : read.problems.join('\n');
};

describe('a text in HTML', () => {
  it('has the words and the spans of every tag of Telegram', () => {
    const source =
      '<b>a <i>b</i></b><u>c</u><s>d</s><code>e</code><pre><code class="language-js">f</code></pre><tg-spoiler>g</tg-spoiler><span class="tg-spoiler">h</span><a href="https://i.example">i</a><blockquote expandable>j</blockquote><tg-emoji emoji-id="1">👍</tg-emoji>';
    expect(readText(source, 'html', 'text')).toMatchObject({
      text: 'a bcdefghij👍',
      spans: [
        { style: 'bold', start: 0, end: 3 },
        { style: 'italic', start: 2, end: 3 },
        { style: 'underline' },
        { style: 'strikethrough' },
        { style: 'code' },
        { style: 'preformatted', language: 'js', start: 6, end: 7 },
        { style: 'spoiler' },
        { style: 'spoiler' },
        { kind: 'link', url: 'https://i.example' },
        { style: 'quote', isExpandable: true },
        { kind: 'emoji', emojiId: '1', start: 11, end: 13 },
      ],
    });
  });

  it.each([
    ['<b>a', 'has <b> that is not closed at line 1, column 1.'],
    ['a</b>', 'has </b> without its opening tag at line 1, column 2.'],
    ['<b><i>a</b></i>', 'has </b> where </i> must come first at line 1, column 8.'],
    [
      'a\n<!-- b -->',
      'has a comment, a declaration or a CDATA section, which Telegram does not show, at line 2, column 1.',
    ],
    ['a <b', 'has < without its closing >; write a plain < as &lt;, at line 1, column 3.'],
    ['<code><b>a</b></code>', 'has <b> inside code, where Telegram shows no formatting, at line 1, column 7.'],
    ['<blockquote><blockquote>a</blockquote></blockquote>', 'has a quote inside a quote at line 1, column 13.'],
    ['👍<tg-emoji>a</tg-emoji>', 'has <tg-emoji> without an emoji-id in digits at line 1, column 2.'],
    ['<b></b>', 'has no visible character beside its formatting; supply one.'],
  ])('%j is refused with its place', (source, problem) => {
    expect(problemsOf(source, 'html')[0]).toBe(problem);
  });

  it('with more parts than Telegram shows is refused', () => {
    expect(problemsOf('<b>a</b>'.repeat(101), 'html')).toEqual([
      'has 101 parts with formatting, and Telegram shows at most 100; use fewer, or send it in two messages.',
    ]);
  });
});

describe('a text in Markdown', () => {
  it.each([
    ['# A\n\nb  \nc\nd', 'A\n\nb\nc\nd'],
    ['- a\n- b\n  1. c\n  2. d', '• a\n• b\n  1. c\n  2. d'],
    ['> a\n> b\n\nc', 'a\nb\n\nc'],
    ['a <b>b</b> & c', 'a <b>b</b> & c'],
    ['```js\na < b\n```', 'a < b'],
    ['\\*a\\* &amp; ~~b~~', '*a* & b'],
  ])('%j becomes %j', (source, text) => {
    expect(wordsOf(source, 'markdown')).toBe(text);
  });

  it.each([
    ['a\n![b](c)', 'has an image; send it as media at line 2.'],
    ['> > a', 'has a quote inside a quote, which Telegram does not show, at line 1.'],
    ['[`a`](https://b.example)', 'has code inside a link, which Telegram does not show, at line 1.'],
    [`${'- '.repeat(30)}a`, 'has quotes or lists that are nested deeper than 20 levels at line 1.'],
  ])('%j is refused with its place', (source, problem) => {
    expect(problemsOf(source, 'markdown')[0]).toBe(problem);
  });
});
