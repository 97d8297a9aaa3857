import { badRequest } from './errors.ts';

const kind = 'form-data;';
const space = /^[ \t\r\n\0\v]+/;

/**
 * The parameters of a `Content-Disposition` as TDLib's HttpReader.cpp reads them: a quoted value ends at the first quote that no
 * backslash escapes; any other value ends at a semicolon; then `%xx` is decoded in each of them. `head` has a character for each byte.
 */
export function readDisposition(head: string): ReadonlyMap<string, Buffer> {
  if (!head.startsWith(kind)) throw badRequest('expected form-data content disposition');
  const found = new Map<string, Buffer>();
  let rest = head.slice(kind.length).trim();
  for (let equals = rest.indexOf('='); equals !== -1; equals = rest.indexOf('=')) {
    const key = rest.slice(0, equals).trim();
    const given = rest.slice(equals + 1).replace(space, '');
    const { value, after } = given.startsWith('"') ? readQuoted(given) : readToken(given);
    found.set(key, decodePercents(value));
    rest = after.trim();
  }
  return found;
}

interface Value {
  readonly value: string;
  readonly after: string;
}

function readQuoted(text: string): Value {
  let value = '';
  for (let at = 1; ; at += 1) {
    const character = text[at];
    if (character === undefined) throw badRequest('unclosed quoted string in Content-Disposition header');
    if (character === '"') return { value, after: afterSemicolon(text.slice(at + 1).replace(space, '')) };
    if (character === '\\') at += 1;
    const escaped = text[at];
    if (escaped === undefined) throw badRequest('wrong escape sequence in Content-Disposition header');
    value += escaped;
  }
}

function afterSemicolon(text: string): string {
  if (text !== '' && !text.startsWith(';')) throw badRequest("expected ';' in Content-Disposition header");
  return text.slice(1);
}

function readToken(text: string): Value {
  const end = text.indexOf(';');
  return end === -1
    ? { value: text.trim(), after: '' }
    : { value: text.slice(0, end).trim(), after: text.slice(end + 1) };
}

/** A percent sign without two hexadecimal digits stays as it is. */
const decodePercents = (value: string): Buffer =>
  Buffer.from(
    value.replace(/%([0-9a-f]{2})/gi, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
