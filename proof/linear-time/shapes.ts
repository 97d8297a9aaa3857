/** Texts that make a careless parser slow: each repeats what could be read again and again from every place. */

export interface Shape {
  readonly name: string;
  /** A text of about this many characters. */
  readonly text: (size: number) => string;
}

const repeated = (unit: string, start = '', end = ''): Shape => ({
  name: JSON.stringify(`${start}${unit}…${end}`),
  text: (size) => start + unit.repeat(Math.ceil((size - start.length - end.length) / unit.length)) + end,
});

/** Each opened and never closed, or closed in the reverse order. */
const nested = (open: string, close: string): Shape => ({
  name: JSON.stringify(`${open}…${close}…`),
  text: (size) => {
    const count = Math.ceil(size / (open.length + close.length));
    return open.repeat(count) + close.repeat(count);
  },
});

const numbered = (lead: string): Shape => ({
  name: JSON.stringify(`${lead}0 ${lead}1 …`),
  text: (size) => Array.from({ length: Math.ceil(size / (lead.length + 5)) }, (_, at) => `${lead}${at}_`).join(' '),
});

export const shapes: readonly Shape[] = [
  repeated(' ', '[a', 'b]'),
  repeated(' ', '[[a', 'b]]'),
  repeated(' ', '', 'x'),
  repeated('1', '', 'x'),
  repeated('a', '', '!'),
  repeated('a', 'https://', ' '),
  repeated('"'),
  repeated('\\"', '"'),
  repeated('\\', '"', 'x'),
  repeated('\\"', 'a, "', ''),
  repeated("'"),
  repeated('/', 'https://a.test', 'x'),
  repeated(':', '[', 'x'),
  repeated('.', 'a', 'x'),
  repeated('a.', 'https://', '/'),
  repeated('=', 'handling', 'x'),
  repeated(',;'),
  repeated('-', '', 'x'),
  repeated('-> ', '[a '),
  repeated('[a -> '),
  repeated('[a]('),
  repeated('[a] ', '', 'x'),
  repeated('[[a]] '),
  repeated('[', '', ']'),
  repeated('(', '[a]', ')'),
  repeated('()', '[a](', 'x'),
  repeated('[a](https://a.test/b)\n'),
  repeated('[a -> https://a.test/b] [[c]]\n'),
  repeated('[1] text [a -> b](\n'),
  repeated('• “[a] → ‹b›”\n'),
  repeated('- [ ] '),
  repeated('[image '),
  repeated('[image]'),
  repeated('<'),
  repeated('<a '),
  repeated('</a', '', '>'),
  repeated('<p>x</p>'),
  repeated('<b>x</b> <i>y</i>', '<p>', '</p>'),
  repeated('<a href="https://a.test/b">[a]</a><br>'),
  repeated('<a href="mailto:a@b.test">x'),
  repeated('<li>x', '<ul>', '</ul>'),
  repeated('<td>x', '<table><tr>', '</table>'),
  repeated('<img src="https://a.test/b.png" alt="c">'),
  repeated('<img alt="" ', '<p>', '>'),
  repeated('<!--'),
  repeated('<pre>a\n  b</pre>'),
  nested('<b>', '</b>'),
  nested('<table><tr><td>x', '</td></tr></table>'),
  nested('<blockquote><ul><li>', '</li></ul></blockquote>'),
  nested('[', ']'),
  nested('{"a":', '}'),
  repeated('&amp;'),
  repeated('&', '', ';'),
  repeated('amp;', '&', 'x'),
  repeated('0', '&#', 'x'),
  repeated('%3A'),
  repeated('%'),
  repeated('\u0301', 'a'),
  repeated('\ud83d'),
  repeated('👩‍👩‍👧‍👦'),
  repeated('\u200c'),
  repeated('\u00a0', '<p>', '</p>'),
  repeated('\0'),
  repeated('\n', '', 'x'),
  repeated('\r\n \t'),
  repeated('\n \n', 'x', 'x'),
  repeated('a\n'),
  repeated('Wörter, und noch mehr. '),
  repeated('123456:'),
  repeated('123456:aaaaaaaaaaaaaaaaaaaaaaa '),
  repeated('123456:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa '),
  repeated('cf_live_'),
  repeated('secret'),
  repeated('chatferry channels ', '', '.'),
  repeated('/start ', '', 'x'),
  repeated('@a '),
  repeated('/contacts/a', '', '>'),
  repeated('id='),
  numbered('chatferry-form-'),
];
