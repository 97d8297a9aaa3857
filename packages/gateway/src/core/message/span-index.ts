import type { RichText, Span } from './rich-text.ts';

/** Finds the spans of a place without going through all of them. */
export interface SpanIndex {
  /** The address of the first link that overlaps this range. Null if there is none. */
  linkIn(start: number, end: number): string | null;
  /** Whether a character of this range is code. */
  isCode(start: number, end: number): boolean;
}

type Link = Extract<Span, { kind: 'link' }>;

/** Built in `n log n` for a text and spans of size `n`. A look-up takes `log n`. */
export function spanIndexOf({ text, spans }: RichText): SpanIndex {
  const codeBefore = countCode(text.length, spans);
  const links = spans.flatMap((span): readonly Link[] => (span.kind === 'link' ? [span] : []));
  const sorted = [...links].sort((a, b) => a.start - b.start);
  const farthestEnds = farthestEndsOf(sorted);
  return {
    linkIn(start, end) {
      // The first link that ends behind the start of the range. Those after it begin later.
      const link = sorted[firstAbove(farthestEnds, start)];
      return link !== undefined && link.start < end ? link.url : null;
    },
    isCode: (start, end) => (codeBefore[end] ?? 0) > (codeBefore[start] ?? 0),
  };
}

/** For each place, how many characters before it are code. */
function countCode(length: number, spans: readonly Span[]): Uint32Array {
  const changes = new Int32Array(length + 1);
  for (const span of spans) {
    if (span.kind !== 'style' || (span.style !== 'code' && span.style !== 'preformatted')) continue;
    const start = Math.max(span.start, 0);
    const end = Math.min(span.end, length);
    if (end <= start) continue;
    changes[start] = (changes[start] ?? 0) + 1;
    changes[end] = (changes[end] ?? 0) - 1;
  }
  const before = new Uint32Array(length + 1);
  let depth = 0;
  for (let at = 0; at < length; at += 1) {
    depth += changes[at] ?? 0;
    before[at + 1] = (before[at] ?? 0) + (depth > 0 ? 1 : 0);
  }
  return before;
}

/** For each link, the farthest end of it and those before it. */
function farthestEndsOf(links: readonly Link[]): readonly number[] {
  let farthest = 0;
  return links.map(({ end }) => {
    farthest = Math.max(farthest, end);
    return farthest;
  });
}

/** The index of the first value above this one, in values that never become smaller. */
function firstAbove(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
