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
  const moved = (at: number): number => {
    const before = kept.reduce((sum, range) => sum + Math.max(0, Math.min(at, range.end) - range.start), 0);
    return Math.min(before, text.length);
  };
  const spans = body.spans
    .map((span) => ({ ...span, start: moved(span.start), end: moved(span.end) }))
    .filter((span) => span.end > span.start);
  return { text, spans };
}
