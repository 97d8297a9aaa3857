import type { FormattedText, TextSpan } from './formatted-text.ts';

type Mark = TextSpan extends infer S ? (S extends TextSpan ? Omit<S, 'start' | 'end'> : never) : never;

/** Text that grows piece by piece, and the spans on it. */
export interface TextBuilder {
  readonly length: number;
  say(words: string): void;
  /** Adds a span from `start` to here. Nothing if there are no words in it. */
  mark(mark: Mark, start: number): void;
  result(): FormattedText;
}

export const createTextBuilder = (): TextBuilder => {
  const pieces: string[] = [];
  const spans: TextSpan[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    say(words) {
      pieces.push(words);
      length += words.length;
    },
    mark(mark, start) {
      if (length > start) spans.push({ ...mark, start, end: length } as TextSpan);
    },
    // An outer span closes after the spans inside it, and Telegram wants it before them.
    result: () => ({ text: pieces.join(''), spans: spans.toSorted((a, b) => a.start - b.start || b.end - a.end) }),
  };
};
