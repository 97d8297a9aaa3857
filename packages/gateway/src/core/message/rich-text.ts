/** Text with formatting, in the gateway's own terms. Offsets count UTF-16 code units, as JavaScript and Telegram do. */
export interface RichText {
  readonly text: string;
  readonly spans: readonly Span[];
}

export type SpanStyle = 'bold' | 'italic' | 'underline' | 'strikethrough' | 'code' | 'preformatted' | 'quote';

export type Span =
  | {
      readonly kind: 'style';
      readonly style: SpanStyle;
      /** Of preformatted text, where its author named one: the programming language. */
      readonly language?: string;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'link'; readonly url: string; readonly start: number; readonly end: number };

export const plain = (text: string): RichText => ({ text, spans: [] });
