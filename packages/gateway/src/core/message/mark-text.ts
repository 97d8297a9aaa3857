declare const isMarkText: unique symbol;

/**
 * What the gateway itself says about a message, such as “tapped a button”. Only `markText` and `quoted` make
 * one, so that no text of a customer becomes a part of it outside of quotation marks.
 */
export type MarkText = string & { readonly [isMarkText]: true };

/**
 * Begins everything that the gateway says in an inbox. It is removed from all that customers write, so that they cannot
 * write what looks like the gateway's own words. U+2042 is in common fonts and hardly ever typed.
 */
export const markSign = '⁂';

/** The text without the sign. The length stays the same, so that the formatting still fits. */
export const withoutMarkSign = (text: string): string => text.replaceAll(markSign, '*');

/** The value without the sign in any of its texts. */
export const withoutMarkSigns = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_key, member: unknown) =>
    typeof member === 'string' ? withoutMarkSign(member) : member,
  ) as T;

/** A mark: literal words, with marks and numbers in between. Foreign text goes in by `quoted`. */
export function markText(words: TemplateStringsArray, ...parts: readonly (MarkText | number)[]): MarkText {
  return String.raw({ raw: words }, ...parts) as MarkText;
}

/** Code units. Longer foreign text is cut: Telegram's names and titles have at most 255. */
const quotedMax = 300;

/**
 * Foreign text as a part of a mark, in quotation marks that the text cannot close: on one line, without control and
 * formatting characters, and with other quotation marks in it.
 */
export const quoted = (foreign: string): MarkText => `“${onOneLine(foreign)}”` as MarkText;

/** Words of a provider, such as the reason of an error. Customers cannot choose them. */
export const providerWords = (words: string): MarkText => onOneLine(words) as MarkText;

/** Several marks as one. */
export const joinMarks = (marks: readonly MarkText[], separator: ', ' | ' › '): MarkText =>
  marks.join(separator) as MarkText;

function onOneLine(text: string): string {
  const cut = text.length > quotedMax ? `${text.slice(0, quotedMax)}…` : text;
  return withoutMarkSign(cut)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[“”„‟]/g, '"')
    .trim();
}
