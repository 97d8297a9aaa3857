import { describe, expect, it } from 'vitest';
import { htmlToRichText } from './html-to-rich-text.ts';

const textOf = (html: string): string => htmlToRichText(html).body.text;

/** Every span as what it is and the words that it covers. */
const spansOf = (html: string): readonly (readonly [string, string])[] => {
  const { text, spans } = htmlToRichText(html).body;
  return spans.map((span) => [span.kind === 'link' ? span.url : span.style, text.slice(span.start, span.end)]);
};

const cases = [
  ['paragraphs with an empty line between them', '<p>a</p>\n<p>b</p>', 'a\n\nb'],
  ['Intercom’s lines, which have no margin', '<p class="no-margin">a</p><p class="no-margin">b</p>', 'a\nb'],
  ['HubSpot’s lines, which have none either', '<p style="margin:0;">a</p><p style="margin:0;">b</p>', 'a\nb'],
  ['an empty line that was wanted', '<div>a</div><div><br></div><div>b</div>', 'a\n\nb'],
  [
    'a line with a hard space only',
    '<p class="no-margin">a</p><p class="no-margin">&nbsp;</p><p class="no-margin">b</p>',
    'a\n\nb',
  ],
  ['line breaks, at most one empty line in a row', 'a<br>b<br/><br><br><br>c', 'a\nb\n\nc'],
  ['no line break at the ends', '<p><br></p><p>a<br></p><p><br></p>', 'a'],
  ['white space as a browser shows it', ' a \n\t b <b> c</b> , d', 'a b c , d'],
  [
    'bullets',
    '<p class="no-margin">Choose:</p><ul><li>a</li><li><p>b</p></li><li></li></ul><p>c</p>',
    'Choose:\n• a\n• b\n\nc',
  ],
  [
    'numbers, from where the list begins',
    '<ol start="3"><li>a</li><li>b</li><li value="9">c</li><li>d</li></ol>',
    '3. a\n4. b\n9. c\n10. d',
  ],
  ['lists in lists', '<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>', '• a\n  1. b\n  2. c\n• d'],
  ['headings', '<h1>a</h1>b', 'a\n\nb'],
  [
    'tables as lines',
    '<table><tr><th>a</th><th>b</th></tr><tr><td><p>c</p></td><td></td><td>d</td></tr></table>e',
    'a | b\nc | d\n\ne',
  ],
  ['entities', '&lt;b&gt; &amp; &quot;x&quot; &#128512; &eacute; &hellip;', '<b> & "x" 😀 é …'],
  ['invisible fillers as nothing', '&zwnj;&nbsp;&zwnj;a\u200b\ufeffb&shy;c&#0;', 'abc\ufffd'],
  ['a non-joiner where it belongs', 'می&zwnj;خواهم', 'می\u200cخواهم'],
  ['no scripts and no styles', '<style>p{}</style><script>alert("<p>")</script><p>a</p><title>t</title>', 'a'],
  ['no comments', 'a<!-- <p>x</p> -->b', 'ab'],
  [
    'an embedded video as its address',
    '<p>See</p><iframe src="https://v.example/1">x</iframe>',
    'See\n\nhttps://v.example/1',
  ],
  ['code as it was typed', '<pre>\nif (a) {\n  b();\n\n\n\n}\n</pre>after', 'if (a) {\n  b();\n\n}\n\nafter'],
  [
    'mail addresses in words',
    '<a href="mailto:a%40b.example?subject=x">write us</a>, <a href="mailto:c@d.example">c@d.example</a>',
    'write us (a@b.example), c@d.example',
  ],
  ['broken markup', '<p>a <b>b <i>c</b> d</p></div>', 'a b c d'],
  ['nothing as nothing', ' <p> </p> ', ''],
] as const;

describe('HTML as text', () => {
  it.each(cases)('shows %s', (_what, html, text) => {
    expect(textOf(html)).toBe(text);
  });

  it('keeps formatting, without the white space around it', () => {
    const html =
      '<p><b>bold </b><em> italic</em> <u>u</u> <del>gone</del> <code>x &lt; y</code></p><blockquote>said</blockquote><h2>Head</h2><pre>let <b>a</b></pre>';
    expect(textOf(html)).toBe('bold italic u gone x < y\n\nsaid\n\nHead\n\nlet a');
    expect(spansOf(html)).toEqual([
      ['bold', 'bold'],
      ['italic', 'italic'],
      ['underline', 'u'],
      ['strikethrough', 'gone'],
      ['code', 'x < y'],
      ['quote', 'said'],
      ['bold', 'Head'],
      ['preformatted', 'let a'],
    ]);
  });

  it('has each style once, however often it is set', () => {
    expect(spansOf('<h1><strong>a <b>b</b></strong></h1>')).toEqual([['bold', 'a b']]);
  });

  it('leads links where they lead, and leaves bare addresses and unsafe ones to be read', () => {
    const html =
      '<a href="https://a.example/x?y=1&amp;z">shop</a> <a href="https://b.example">https://b.example</a> <a href="javascript:alert(1)">no</a> <a href="/in">in</a> <a href="https://c.example"> </a>';
    expect(textOf(html)).toBe('shop https://b.example no in');
    expect(spansOf(html)).toEqual([['https://a.example/x?y=1&z', 'shop']]);
  });

  it('returns images instead of showing them', () => {
    const html =
      '<p>See <img src="https://i.example/a%20b/photo.jpg?sig=1" alt="A photo"> and <img src="https://i.example/1" alt="Map"><img src="https://i.example/1"></p><img src="data:image/png;base64,AA"><img src="/rel"><img alt="🎉" src="https://i.example/e">';
    expect(htmlToRichText(html)).toEqual({
      body: { text: 'See and\n\n🎉', spans: [] },
      images: [
        { url: 'https://i.example/a%20b/photo.jpg?sig=1', name: 'photo.jpg' },
        { url: 'https://i.example/1', name: null },
      ],
    });
  });

  it('reads deeply nested HTML without its formatting, and quickly', () => {
    expect(textOf(`${'<b>'.repeat(100_000)}deep${'</i>'.repeat(100_000)}`)).toBe('deep');
  });
});
