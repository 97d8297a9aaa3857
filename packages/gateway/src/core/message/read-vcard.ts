import type { CardAddress, CardValue, ContactCard } from './contact-card.ts';
import { type CardLine, vcardLines } from './vcard-lines.ts';
import { visibleName } from './visible-name.ts';

/** What a vCard says. Null if it says nothing. Takes time in proportion to the text, and never throws. */
export function readVcard(text: string): ContactCard | null {
  if (visibleName(text) === null) return null;
  const all = vcardLines(text);
  const labels = new Map(all.flatMap(({ name, group, value }) => (name === 'X-ABLABEL' ? [[group, value ?? '']] : [])));
  const lines = all.map((line) => withLabel(line, labels));
  const [, , middleName, prefix, suffix] = partsOf(firstOf(lines, 'N') ?? '');
  const [company, ...departments] = partsOf(firstOf(lines, 'ORG') ?? '');
  const others = lines.flatMap(otherOf);
  // What is no vCard at all is shown as it is.
  const isReadable = all.some(({ name }) => name === 'BEGIN');
  return {
    formattedName: wordsOf(firstOf(lines, 'FN')),
    middleName: visibleName(middleName),
    prefix: visibleName(prefix),
    suffix: visibleName(suffix),
    company: visibleName(company),
    department: visibleName(departments.filter((part) => part !== '').join(', ')),
    title: wordsOf(firstOf(lines, 'TITLE')),
    phones: valuesOf(lines, 'TEL').map(({ value, types }) => ({ value: value.replace(/^tel:/i, ''), types })),
    emails: valuesOf(lines, 'EMAIL').map(({ value, types }) => ({ value: value.replace(/^mailto:/i, ''), types })),
    urls: valuesOf(lines, 'URL'),
    addresses: lines.flatMap(addressOf),
    others: isReadable ? others : [...others, { name: 'card', value: text.trim() }],
    hasMedia: lines.some(({ name, value }) => value === null && !technical.test(name)),
  };
}

/** Apple's address book names a property by another one of its group: “_$!<HomePage>!$_” is one of its own words. */
function withLabel(line: CardLine, labels: ReadonlyMap<string, string>): CardLine {
  const label = line.group === '' ? undefined : labels.get(line.group);
  const words = visibleName(unescaped(label ?? '').replace(/^_\$!<|>!\$_$/g, ''));
  return words === null ? line : { ...line, types: [...line.types, words.toLowerCase()] };
}

const firstOf = (lines: readonly CardLine[], wanted: string): string | null =>
  lines.find(({ name, value }) => name === wanted && value !== null)?.value ?? null;

const wordsOf = (value: string | null): string | null => visibleName(value === null ? null : unescaped(value));

function valuesOf(lines: readonly CardLine[], wanted: string): readonly CardValue[] {
  return lines.flatMap(({ name, types, value }) => {
    const words = name === wanted ? wordsOf(value) : null;
    return words === null ? [] : [{ value: words, types }];
  });
}

/** RFC 6350 6.3.1: post office box, extended address, street, city, region, postal code, country. */
function addressOf({ name, types, value }: CardLine): readonly CardAddress[] {
  if (name !== 'ADR' || value === null) return [];
  const [box = '', extension = '', street = '', city = '', region = '', postalCode = '', country = ''] = partsOf(value);
  const whole = [street, extension, box].filter((part) => part !== '').join(', ');
  const address = { street: whole, city, region, postalCode, country };
  return Object.values(address).every((part) => part === '') ? [] : [{ ...address, types }];
}

/** Shown in a place of their own, or of no use to a person. */
const technical =
  /^(?:|BEGIN|END|VERSION|PRODID|REV|UID|KIND|SORT-STRING|CLASS|MAILER|SOURCE|PROFILE|CLIENTPIDMAP|FN|N|ORG|TITLE|TEL|EMAIL|URL|ADR|LABEL|X-AB.*|X-PHONETIC-.*|X-IMAGE.*)$/;

const names: Readonly<Record<string, string>> = {
  BDAY: 'birthday',
  TZ: 'time zone',
  GEO: 'position',
  IMPP: 'messenger',
};

function otherOf({ name, types, value }: CardLine): readonly { readonly name: string; readonly value: string }[] {
  if (technical.test(name)) return [];
  const words = partsOf(value ?? '').filter((part) => part !== '');
  const shown = names[name] ?? name.toLowerCase().replace(/^x-/, '').replaceAll('-', ' ');
  const kind = types.length === 0 ? '' : ` (${types.join(', ')})`;
  return words.length === 0 ? [] : [{ name: shown, value: `${words.join(', ')}${kind}` }];
}

/** The parts of a value, which semicolons separate unless a backslash is before them. */
function partsOf(value: string): readonly string[] {
  const parts: string[][] = [[]];
  for (const [token] of value.matchAll(/\\[\s\S]|;|[^;\\]+/g)) {
    if (token === ';') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.map((tokens) => unescaped(tokens.join('')).trim());
}

const unescaped = (text: string): string =>
  text.replace(/\\([\s\S])/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter));
