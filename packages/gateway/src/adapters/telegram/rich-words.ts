import type { RichText } from '@grammyjs/types';
import type { SpanStyle } from '../../core/message/rich-text.ts';
import { timeWords } from './formatting.ts';
import { looseWords } from './loose-words.ts';
import type { PartsBuilder } from './parts-builder.ts';
import { richButtonText } from './rich-button.ts';
import { asText, type Untrusted } from './untrusted.ts';

/** Deeper than anything that a person writes. Telegram's own limit is not documented. */
export const nestingMax = 32;

type TypedText = Exclude<RichText, string | readonly unknown[]>;
type Fields = Untrusted<{ [K in TypedText extends infer T ? (T extends unknown ? keyof T : never) : never]: unknown }>;
type ReadText = (builder: PartsBuilder, fields: Fields, inner: () => void) => void;

const inStyle =
  (style: SpanStyle): ReadText =>
  (builder, _fields, inner) =>
    builder.styled(style, inner);

const asItIs: ReadText = (_builder, _fields, inner) => inner();

/** The value that Telegram found in the words follows them, unless it is the same. */
const withValue =
  (field: keyof Fields): ReadText =>
  (builder, fields, inner) =>
    builder.withAside(inner, (said) => {
      const value = asText(fields[field]);
      return value === null || lettersOf(value) === lettersOf(said) ? null : value;
    });

const lettersOf = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

/** Every kind of text in a rich message. One that is missing here, as with each new Bot API, fails the type check. */
const readers: Readonly<Record<TypedText['type'], ReadText>> = {
  bold: inStyle('bold'),
  italic: inStyle('italic'),
  underline: inStyle('underline'),
  strikethrough: inStyle('strikethrough'),
  spoiler: inStyle('spoiler'),
  code: inStyle('code'),
  // A highlighter: emphasis.
  marked: inStyle('bold'),
  subscript: (builder, fields, inner) => readRaised(builder, fields, inner, '_', '₀₁₂₃₄₅₆₇₈₉'),
  superscript: (builder, fields, inner) => readRaised(builder, fields, inner, '^', '⁰¹²³⁴⁵⁶⁷⁸⁹'),
  date_time: (builder, fields, inner) => builder.withAside(inner, () => timeWords(fields.unix_time)),
  url: (builder, { url }, inner) => builder.linked(asText(url) ?? '', inner),
  email_address: withValue('email_address'),
  phone_number: withValue('phone_number'),
  bank_card_number: withValue('bank_card_number'),
  mention: withValue('username'),
  hashtag: withValue('hashtag'),
  cashtag: withValue('cashtag'),
  bot_command: withValue('bot_command'),
  text_mention: asItIs,
  custom_emoji: (builder, { alternative_text }) => builder.add(asText(alternative_text) ?? ''),
  mathematical_expression: (builder, { expression }) =>
    builder.styled('code', () => builder.add(asText(expression) ?? '')),
  button: (builder, { button }) => builder.add(richButtonText(button)),
  // Places within the message, to which an entry cannot lead.
  anchor: () => undefined,
  anchor_link: asItIs,
  reference: asItIs,
  reference_link: asItIs,
};

/** Adds a rich text: a string, a list of rich texts, or an object with one. */
export function readRichText(builder: PartsBuilder, value: unknown, depth: number): void {
  if (typeof value === 'string') builder.add(value);
  else if (typeof value !== 'object' || value === null) return;
  else if (depth > nestingMax) builder.tooDeep();
  else if (Array.isArray(value)) for (const member of value) readRichText(builder, member, depth + 1);
  else readTypedText(builder, value, depth);
}

function readTypedText(builder: PartsBuilder, value: object, depth: number): void {
  const fields: Fields & { readonly type?: unknown } = value;
  const type = asText(fields.type) ?? '';
  const inner = () => readRichText(builder, fields.text, depth + 1);
  if (isKnownType(type)) {
    readers[type](builder, fields, inner);
    return;
  }
  builder.add(looseWords(value).join(' '));
  builder.unknown(type);
}

const isKnownType = (type: string): type is TypedText['type'] => Object.hasOwn(readers, type);

/** “x²”, and “x^(n+1)” where there are no such letters. */
function readRaised(builder: PartsBuilder, { text }: Fields, inner: () => void, sign: string, digits: string): void {
  const words = asText(text);
  if (words !== null && /^\d+$/.test(words)) {
    builder.add([...words].map((digit) => digits[Number(digit)] ?? digit).join(''));
    return;
  }
  builder.add(`${sign}(`);
  inner();
  builder.add(')');
}
