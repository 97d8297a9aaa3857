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
    'a | b\nc | | d\n\ne',
  ],
  [
    'the paragraphs of a cell in their row',
    '<table><tbody><tr><td><p><b>Plan</b></p></td><td><p><b>Price</b></p></td></tr><tr><td><p>Basic</p></td><td><p>€5</p></td></tr><tr><td><p>Pro</p><p>(yearly)</p></td><td><p>€9</p></td></tr></tbody></table>',
    'Plan | Price\nBasic | €5\nPro (yearly) | €9',
  ],
  [
    'the line breaks, lists and code of a cell in their row',
    '<table><tr><td>a<br>b</td><td><ul><li>c</li><li>d</li></ul></td><td><pre>e\n f</pre></td></tr></table>',
    'a b | c • d | e f',
  ],
  [
    'empty cells in their places, but for the last ones',
    '<table><tr><td></td><td>Basic</td><td>Pro</td></tr><tr><td>Price</td><td></td><td>€9</td></tr><tr><td>Soon</td><td></td><td></td></tr></table>',
    '| Basic | Pro\nPrice | | €9\nSoon',
  ],
  [
    'a text that is laid out with a table as paragraphs',
    '<table><tr><td><p>Dear Ada,</p><p>it is here.</p></td></tr><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>',
    'Dear Ada,\n\nit is here.\n\na | b',
  ],
  [
    'columns of a layout as paragraphs',
    '<table><tr><td><p>Dear Ada,</p><p>it is here.</p><table><tr><td>a</td></tr></table></td><td><p>b</p><p>c</p></td></tr></table>',
    'Dear Ada,\n\nit is here.\n\na\n\nb\n\nc',
  ],
  [
    'long cells as paragraphs',
    `<table><tr><td><p>${'long '.repeat(100)}</p><p>text</p></td><td><p>b</p><p>c</p></td></tr></table>`,
    `${'long '.repeat(100).trim()}\n\ntext\n\nb\n\nc`,
  ],
  [
    'checkboxes',
    '<ul><li><input type="checkbox" checked> a</li><li><input type="checkbox"> b</li></ul>',
    '• ☑ a\n• ☐ b',
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
  [
    'a video whose address is inside it',
    '<video controls><source src="https://v.example/2.mp4">old browser</video>',
    'https://v.example/2.mp4',
  ],
  [
    'addresses that are no links behind the words',
    '<a href="in/x.html">in</a> <a href="sms:+491">text us</a>',
    'in (in/x.html) text us (sms:+491)',
  ],
  [
    'the address of a link in code',
    '<code><a href="https://a.example/x">this</a></code> <pre><a href="https://b.example/y">that</a></pre>',
    'this (https://a.example/x)\n\nthat (https://b.example/y)',
  ],
  ['an address in code once', '<code><a href="http://www.a.example">www.a.example</a></code>', 'www.a.example'],
  [
    'the address of a linked image, unless it is the image',
    '<a href="https://a.example/shop"><img src="https://i.example/1.png"></a><p><a href="https://i.example/2.png"><img src="https://i.example/2.png"></a></p>',
    'https://a.example/shop',
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
      '<a href="https://a.example/x?y=1&amp;z">shop</a> <a href="https://b.example">https://b.example</a> <a href="javascript:alert(1)">no</a> <a href="#top">top</a> <a href="https://c.example"> </a>';
    expect(textOf(html)).toBe('shop https://b.example no top');
    expect(spansOf(html)).toEqual([['https://a.example/x?y=1&z', 'shop']]);
  });

  it('completes addresses that can only mean a web page, and keeps those of Telegram', () => {
    const html =
      '<a href="www.example.com/x">a</a> <a href="//cdn.example.com/f.pdf">b</a> <a href="tg://resolve?domain=x_bot">c</a> <a href=" https://d.example/\n1 ">d</a>';
    expect(spansOf(html)).toEqual([
      ['https://www.example.com/x', 'a'],
      ['https://cdn.example.com/f.pdf', 'b'],
      ['tg://resolve?domain=x_bot', 'c'],
      ['https://d.example/1', 'd'],
    ]);
  });

  it('has the bullets of a quoted list in the quotation', () => {
    const html =
      '<p>a</p><blockquote><ul><li>b</li><li>c</li></ul></blockquote><ul><li><blockquote>d</blockquote></li></ul>';
    expect(spansOf(html)).toEqual([
      ['quote', '• b\n• c'],
      ['quote', 'd'],
    ]);
  });

  it('keeps the language of code', () => {
    const html = '<pre><code class="hljs language-ts">let a</code></pre><pre>b</pre>';
    expect(htmlToRichText(html).body.spans).toEqual([
      { kind: 'style', style: 'preformatted', language: 'ts', start: 0, end: 5 },
      { kind: 'style', style: 'preformatted', start: 7, end: 8 },
    ]);
  });

  it('returns images instead of showing them', () => {
    const html =
      '<p>See <img src="https://i.example/a%20b/photo.jpg?sig=1" alt="A photo"> and <img src="https://i.example/1" alt="Map"><img src="https://i.example/1"></p><img src="data:image/png;base64,AA"><img alt="🎉" src="https://i.example/e"><img src="data:image/gif;base64,R0lGODlhAQABAIAAAP" data-src="//i.example/late.png">';
    expect(htmlToRichText(html)).toEqual({
      body: { text: 'See and\n\n🎉', spans: [] },
      images: [
        { url: 'https://i.example/a%20b/photo.jpg?sig=1', name: 'photo.jpg', mediaType: null },
        { url: 'https://i.example/1', name: 'Map', mediaType: null },
        { url: 'data:image/png;base64,AA', name: null, mediaType: 'image/png' },
        { url: 'https://i.example/late.png', name: 'late.png', mediaType: null },
      ],
      omitted: [],
    });
  });

  it('names what it leaves out, and says the words of an image that cannot be had', () => {
    const html =
      '<p>See <img src="cid:part1@acme" alt="the plan">.</p><img src="/rel.png"><svg><path d="M0"/></svg><p><a href="blob:https://app.example/1">the file</a></p>';
    const { body, images, omitted } = htmlToRichText(html);
    expect([body.text, images]).toEqual(['See the plan.\n\nthe file', []]);
    expect(omitted.map(({ what }) => what)).toEqual([
      'the image “the plan”',
      'the image /rel.png',
      'a drawing',
      'the link “the file”',
    ]);
  });

  it.each([
    '<img src="https://t.example/open.gif" width="1" height="1">',
    '<img src="cid:1" style="color:red; display: none">',
    '<img src="https://t.example/o" style="width:1px;height:1px !important">',
    '<img src="data:image/gif;base64,R0lGODlhAQABAIAAAP">',
    '<img>',
  ])('is silent about what is invisible: %s', (html) => {
    expect(htmlToRichText(html)).toEqual({ body: { text: '', spans: [] }, images: [], omitted: [] });
  });

  it('says that it did not read the end of a huge text', () => {
    expect(htmlToRichText(`<p>${'x'.repeat(2_000_000)}</p>`).omitted.map(({ what }) => what)).toEqual([
      'the end of the message',
    ]);
    expect(htmlToRichText('<p>x</p>').omitted).toEqual([]);
  });

  it('reads deeply nested HTML without its formatting, and quickly', () => {
    expect(textOf(`${'<b>'.repeat(100_000)}deep${'</i>'.repeat(100_000)}`)).toBe('deep');
  });
});
