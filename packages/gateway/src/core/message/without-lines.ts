import type { RichText } from './rich-text.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Removes lines from a text, without leaving gaps, and moves its formatting accordingly. */
export function withoutLines(body: RichText, lines: readonly Range[]): RichText {
  const gone = new Set(lines.map(({ start }) => start));
  const kept: Range[] = [];
  let start = 0;
  let isAtGap = false;
  let isBlankBefore = true;
  for (const line of body.text.split('\n')) {
    const end = start + line.length;
    const isBlank = line.trim() === '';
    if (gone.has(start)) isAtGap = true;
    else if (!(isBlank && isAtGap && isBlankBefore)) {
      kept.push({ start, end: Math.min(end + 1, body.text.length) });
      isAtGap = false;
      isBlankBefore = isBlank;
    }
    start = end + 1;
  }
  const text = kept
    .map((range) => body.text.slice(range.start, range.end))
    .join('')
    .trimEnd();
  const moved = placesIn(kept, text.length);
  const spans = body.spans
    .map((span) => ({ ...span, start: moved(span.start), end: moved(span.end) }))
    .filter((span) => span.end > span.start);
  return { text, spans };
}

/** Where a place of the old text is in the new one, which has only the kept ranges, in order. */
function placesIn(kept: readonly Range[], length: number): (at: number) => number {
  let sum = 0;
  const begins = kept.map((range) => {
    const before = sum;
    sum += range.end - range.start;
    return { ...range, before };
  });
  return (at) => {
    // The last range that begins before the place.
    let low = 0;
    let high = begins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((begins[middle]?.start ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    const range = begins[low - 1];
    return range === undefined ? 0 : Math.min(range.before + Math.min(at, range.end) - range.start, length);
  };
}
