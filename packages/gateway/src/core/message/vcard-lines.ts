/** One property of a vCard. */
export interface CardLine {
  /** In capitals, without its group. */
  readonly name: string;
  /** What the properties of one group have in common; empty if it is in none. */
  readonly group: string;
  /** In lower case. */
  readonly types: readonly string[];
  /** As it is written: a value in parts is still in one piece. Null if it holds bytes, such as a picture. */
  readonly value: string | null;
}

/**
 * The properties of a vCard of version 2.1, 3.0 or 4.0, in order. Takes time in proportion to the text, and never
 * throws. RFC 6350 section 3; RFC 2426; for 2.1, which has quoted-printable values, “vCard: The Electronic Business
 * Card Exchange Format”.
 */
export function vcardLines(text: string): readonly CardLine[] {
  return unfolded(text).flatMap((line) => {
    const colon = colonIn(line);
    if (colon === -1) return [];
    const [head = '', ...parameters] = line.slice(0, colon).split(';');
    const dot = head.lastIndexOf('.');
    const settings = parameters.map(settingOf);
    return [
      {
        name: head
          .slice(dot + 1)
          .trim()
          .toUpperCase(),
        group: head.slice(0, Math.max(0, dot)).trim(),
        types: settings.flatMap(({ name, value }) => (name === 'type' ? typesIn(value) : [])),
        value: decoded(line.slice(colon + 1), settings),
      },
    ];
  });
}

/**
 * A line that begins with white space continues the one before; so does what follows a quoted-printable line that ends
 * in “=”.
 */
function unfolded(text: string): readonly string[] {
  const lines: string[][] = [];
  let isOpen = false;
  for (const line of text.split(/\r\n|[\n\r]/)) {
    const last = lines.at(-1);
    if (isOpen && last !== undefined) last.push(line);
    else if (/^[ \t]/.test(line) && last !== undefined) last.push(line.slice(1));
    else lines.push([line]);
    const [first = ''] = lines.at(-1) ?? [];
    isOpen = line.endsWith('=') && isQuotedPrintable(first);
  }
  return lines.map((pieces) => (isQuotedPrintable(pieces[0] ?? '') ? pieces.join('\n') : pieces.join('')));
}

const isQuotedPrintable = (line: string): boolean => /^[^:]{0,200}quoted-printable/i.test(line);

/** The colon before the value. A parameter in quotation marks may have one too. */
function colonIn(line: string): number {
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '"') isQuoted = !isQuoted;
    else if (line[at] === ':' && !isQuoted) return at;
  }
  return -1;
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

/** Version 2.1 writes “TEL;CELL” and “QUOTED-PRINTABLE” where later ones write “TYPE=CELL” and “ENCODING=…”. */
function settingOf(parameter: string): Setting {
  const equals = parameter.indexOf('=');
  const value = parameter
    .slice(equals + 1)
    .replaceAll('"', '')
    .trim()
    .toLowerCase();
  if (equals !== -1) return { name: parameter.slice(0, equals).trim().toLowerCase(), value };
  return { name: /^(?:quoted-printable|base64|b|7bit|8bit)$/.test(value) ? 'encoding' : 'type', value };
}

/** Words that say nothing to a reader. */
const meaningless = new Set(['', 'pref', 'voice', 'internet']);

const typesIn = (value: string): readonly string[] =>
  value
    .split(',')
    .map((type) => type.trim().replace(/^x-/, ''))
    .filter((type) => !meaningless.has(type));

function decoded(value: string, settings: readonly Setting[]): string | null {
  const settingNamed = (wanted: string) => settings.find(({ name }) => name === wanted)?.value ?? '';
  const encoding = settingNamed('encoding');
  if (encoding === 'b' || encoding === 'base64' || /^data:/i.test(value.trim())) return null;
  if (encoding !== 'quoted-printable') return value;
  const bytes = Buffer.from(
    value
      .replace(/=[ \t]*\n/g, '')
      .replace(/\P{ASCII}+/gu, (letters) => Buffer.from(letters).toString('latin1'))
      .replace(/=([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  );
  return bytes.toString(/^(?:iso-8859-1|windows-1252|latin1)$/.test(settingNamed('charset')) ? 'latin1' : 'utf8');
}
