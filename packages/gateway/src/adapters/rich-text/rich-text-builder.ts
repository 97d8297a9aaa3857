import type { RichText, Span, SpanStyle } from '../../core/message/rich-text.ts';

/** A mark that is open: it begins with the first character said under it, so that it never covers white space at its ends. */
export interface OpenMark {
  readonly mark:
    | { readonly kind: 'style'; readonly style: SpanStyle }
    | { readonly kind: 'link'; readonly url: string };
  /** Of preformatted text: found out behind its beginning. */
  language: string | null;
  start: number | null;
  /** Whether it was opened behind a bullet or separator that is not written yet, so that it does not cover it. */
  readonly isBehindLead: boolean;
}

const createMark = (mark: OpenMark['mark'], isBehindLead: boolean): OpenMark => ({
  mark,
  language: null,
  start: null,
  isBehindLead,
});

/**
 * Text that grows word by word. Line breaks and spaces are pending until words follow: so no line begins or ends with white space, no
 * two empty lines follow each other, and nothing has to be cut off afterwards.
 */
export interface RichTextBuilder {
  /** The length so far, without what is pending. */
  readonly length: number;
  readonly atLineStart: boolean;
  textFrom(start: number): string;
  /** Whether the text from `start` on has a line break behind its first words. */
  hasBreakSince(start: number): boolean;
  /** Words without white space at their ends. */
  say(words: string): void;
  /** White space that shows only between words of one line. */
  space(): void;
  /** Written only before the next words, and not at all where none follow: a bullet, an indent, a separator. */
  lead(words: string): void;
  /** One more bar between the cells of a row; several if there are no words between them. */
  bar(): void;
  /** At least `count` line breaks before the next words. */
  breakBefore(count: 1 | 2): void;
  /** One more line break than are pending. */
  addBreak(): void;
  /** Drops the pending line breaks. */
  joinLine(): void;
  open(mark: OpenMark['mark']): OpenMark;
  /** Marks close in the reverse order of their opening. */
  close(mark: OpenMark): void;
  discard(mark: OpenMark): void;
  result(): RichText;
}

export function createRichTextBuilder(): RichTextBuilder {
  /** In pieces: one growing string would be copied whenever its end is read. */
  const pieces: string[] = [];
  let length = 0;
  /** Where words began, in order. */
  const beginnings: number[] = [];
  let lastBreak = -1;
  let pendingBreaks = 0;
  let pendingSpace = false;
  let pendingLead = '';
  const open = new Set<OpenMark>();
  const spans: Span[] = [];
  const atLineStart = () => length === 0 || pendingBreaks > 0;
  const append = (words: string): void => {
    if (words.includes('\n')) lastBreak = length + words.lastIndexOf('\n');
    pieces.push(words);
    length += words.length;
  };

  return {
    get length() {
      return length;
    },
    get atLineStart() {
      return atLineStart();
    },
    textFrom: (start) => endOf(pieces, length, start),
    hasBreakSince: (start) => lastBreak > (firstFrom(beginnings, start) ?? length),
    say(words) {
      if (words === '') return;
      const gap = pendingSpace && !atLineStart() ? ' ' : '';
      append(length === 0 ? '' : '\n'.repeat(pendingBreaks));
      if (pendingLead !== '') for (const mark of open) if (coversLead(mark)) mark.start ??= length;
      append(pendingLead === '' ? gap : pendingLead);
      for (const mark of open) mark.start ??= length;
      beginnings.push(length);
      append(words);
      pendingBreaks = 0;
      pendingSpace = false;
      pendingLead = '';
    },
    space() {
      pendingSpace = true;
    },
    lead(words) {
      pendingLead = words;
    },
    bar() {
      pendingLead = pendingLead === '' && !atLineStart() ? ' | ' : `${pendingLead}| `;
    },
    breakBefore(count) {
      pendingBreaks = Math.max(pendingBreaks, count);
    },
    addBreak() {
      pendingBreaks = Math.min(pendingBreaks + 1, 2);
      pendingSpace = false;
      pendingLead = '';
    },
    joinLine() {
      pendingBreaks = 0;
    },
    open(mark) {
      const opened = createMark(mark, pendingLead !== '');
      open.add(opened);
      return opened;
    },
    close(opened) {
      open.delete(opened);
      spans.push(...spanOf(opened, length));
    },
    discard(opened) {
      open.delete(opened);
    },
    result: () => ({ text: pieces.join(''), spans: [...spans].sort((a, b) => a.start - b.start || b.end - a.end) }),
  };
}

/** A list in a quotation has its bullets in the quotation. */
const coversLead = ({ mark, isBehindLead }: OpenMark): boolean =>
  !isBehindLead && mark.kind === 'style' && mark.style === 'quote';

function spanOf({ mark, language, start }: OpenMark, end: number): readonly Span[] {
  if (start === null || start >= end) return [];
  return mark.kind === 'style' && language !== null ? [{ ...mark, language, start, end }] : [{ ...mark, start, end }];
}

/** The text from `start` on, without joining the pieces before it. */
function endOf(pieces: readonly string[], length: number, start: number): string {
  let at = length;
  let first = pieces.length;
  while (at > start && first > 0) {
    first -= 1;
    at -= pieces[first]?.length ?? 0;
  }
  return pieces
    .slice(first)
    .join('')
    .slice(start - at);
}

/** The first of these places, which are in order, that is not before `start`. */
function firstFrom(places: readonly number[], start: number): number | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return places[low];
}
