/** Text with formatting, as `html` and `markdown` are read. Offsets count UTF-16 code units, as JavaScript and Telegram do. */

export const textStyles = [
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'code',
  'preformatted',
  'quote',
] as const;
export type TextStyle = (typeof textStyles)[number];

export type TextSpan =
  | {
      readonly kind: 'style';
      readonly style: TextStyle;
      /** Of preformatted text: the programming language. */
      readonly language?: string;
      /** Of a quote: only its beginning is shown until the customer opens it. */
      readonly isExpandable?: true;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'link'; readonly url: string; readonly start: number; readonly end: number }
  /** A custom emoji in place of the characters. */
  | { readonly kind: 'emoji'; readonly emojiId: string; readonly start: number; readonly end: number };

export interface FormattedText {
  readonly text: string;
  readonly spans: readonly TextSpan[];
}

/** A problem of a formatted text: a sentence without its subject, with the place. */
export type ReadFormatted =
  | ({ readonly ok: true } & FormattedText)
  | { readonly ok: false; readonly problems: readonly string[] };

/** Telegram ignores what exceeds this number of parts with formatting: TDLib MessageEntity.cpp. */
export const formattedPartsMax = 100;

/** The place of an offset in words that an editor has too: line and column from 1, the column in code points. */
export const placeOf = (source: string, offset: number): string => {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  let line = 1;
  for (let at = source.indexOf('\n'); at >= 0 && at < lineStart; at = source.indexOf('\n', at + 1)) line += 1;
  return `at line ${line}, column ${[...source.slice(lineStart, offset)].length + 1}`;
};

/** A name of the caller in a sentence: its beginning. */
export const shortly = (name: string): string => (name.length <= 40 ? name : `${name.slice(0, 40)}…`);

/** At most this many problems of one text are listed. */
export const listedMax = 20;
