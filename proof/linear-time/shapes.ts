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
  repeated(' ', '', 'x'),
  repeated('1', '', 'x'),
  repeated('a', '', '!'),
  repeated('a', 'https://', ' '),
  repeated('"'),
  repeated('\\"', '"'),
  repeated('\\', '"', 'x'),
  repeated('\\"', 'a, "', ''),
  repeated('/', 'https://a.test', 'x'),
  repeated(':', '[', 'x'),
  repeated(':', '[', ']x'),
  repeated('.', 'a', 'x'),
  repeated('a.', 'https://', '/'),
  repeated('-> ', '[a '),
  repeated('[a -> '),
  repeated('[a]('),
  repeated('[[a]] '),
  repeated('(', '[a]', ')'),
  repeated('()', '[a](', 'x'),
  repeated('[a](https://a.test/b)\n'),
  repeated('[a -> https://a.test/b] [[c]]\n'),
  repeated('• “[a] → ‹b›”\n'),
  repeated('- [ ] '),
  repeated('[image '),
  repeated('<'),
  repeated('<a '),
  repeated('<p>x</p>'),
  repeated('<b>x</b> <i>y</i>', '<p>', '</p>'),
  repeated('<a href="https://a.test/b">[a]</a><br>'),
  repeated('<a href="mailto:a@b.test">x'),
  repeated('<li>x', '<ul>', '</ul>'),
  repeated('<td>x', '<table><tr>', '</table>'),
  repeated('<img src="https://a.test/b.png" alt="c">'),
  repeated('<!--'),
  nested('<table><tr><td>x', '</td></tr></table>'),
  nested('<blockquote><ul><li>', '</li></ul></blockquote>'),
  nested('[', ']'),
  nested('{"a":', '}'),
  repeated('&amp;'),
  repeated('&', '', ';'),
  repeated('0', '&#', 'x'),
  repeated('%3A'),
  repeated('\u0301', 'a'),
  repeated('\ud83d'),
  repeated('👩‍👩‍👧‍👦'),
  repeated('\u00a0', '<p>', '</p>'),
  repeated('\n', '', 'x'),
  repeated('\r\n \t'),
  repeated('123456:'),
  repeated('secret'),
  repeated('chatferry channels ', '', '.'),
  repeated('@a '),
  repeated('/contacts/a', '', '>'),
  numbered('chatferry-form-'),
];
