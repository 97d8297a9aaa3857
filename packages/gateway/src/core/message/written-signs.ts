import type { ReceivedSpan, Span, SpanStyle } from './rich-text.ts';

interface Received {
  readonly text: string;
  readonly spans?: readonly ReceivedSpan[] | undefined;
}

interface Signed {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Inserted words. Where several are at one place, the lower rank comes first, then the lower order. */
interface Insertion {
  readonly at: number;
  readonly words: string;
  readonly rank: number;
  readonly order: number;
}

const rank = { aside: 0, closing: 1, line: 2, opening: 3 } as const;

/** Telegram's own signs in texts with MarkdownV2. */
const pairs: Readonly<Partial<Record<SpanStyle, string>>> = { strikethrough: '~~', spoiler: '||' };

/** What an inbox may open. Every other address is shown as words, and no inbox makes a link of it. */
const isWebAddress = (url: string): boolean => /^(?:https?|tg):\/\/\S+$/i.test(url);

/**
 * The text with signs for the formatting that changes its meaning and that no inbox shows: “~~struck out~~”,
 * “||hidden||”, “> ” before each quoted line, the language of a program, an address that is no link, and what the app
 * shows for a time. The other spans are moved along.
 */
export function withWrittenSigns({ text, spans = [] }: Received): Signed {
  const placed = spans.flatMap((span) => placedIn(span, text.length));
  const insertions = insertionsFor(text, placed);
  const kept = placed.filter((span): span is Span => !isWritten(span));
  if (insertions.length === 0) return { text, spans: kept };
  const shift = shiftBy(insertions);
  return {
    text: inserted(text, insertions),
    spans: kept.map((span) => ({ ...span, start: shift(span.start, true), end: shift(span.end, false) })),
  };
}

function placedIn(span: ReceivedSpan, length: number): readonly ReceivedSpan[] {
  const start = Math.max(0, span.start);
  const end = Math.min(span.end, length);
  return end > start ? [{ ...span, start, end }] : [];
}

/** Whether signs say all of it. */
function isWritten(span: ReceivedSpan): boolean {
  if (span.kind === 'style') return span.style === 'quote' || pairs[span.style] !== undefined;
  return span.kind === 'aside' || isShown(span);
}

/** Whether the address of the link is shown as words. */
const isShown = ({ url }: { readonly url: string }): boolean => !isWebAddress(url);

function insertionsFor(text: string, spans: readonly ReceivedSpan[]): readonly Insertion[] {
  const all = [
    ...spans.flatMap((span) => asideOf(text, span)),
    ...spans.flatMap((span) => fencesOf(text, span)),
    ...Object.entries(pairs).flatMap(([style, sign]) => pairedSigns(rangesOf(spans, style as SpanStyle), sign)),
    ...rangesOf(spans, 'quote').flatMap((range) => lineSigns(text, range)),
  ];
  return all.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order);
}

function asideOf(text: string, span: ReceivedSpan): readonly Insertion[] {
  if (span.kind === 'style' || (span.kind === 'link' && !isShown(span))) return [];
  const words = (span.kind === 'link' ? span.url : span.words).replace(/\s+/g, ' ');
  const said = text.slice(span.start, span.end);
  if (words === said || words === `mailto:${said}` || words === `tel:${said}`) return [];
  return [{ at: span.end, words: ` (${words})`, rank: rank.aside, order: -span.start }];
}

function fencesOf(text: string, span: ReceivedSpan): readonly Insertion[] {
  if (span.kind !== 'style' || span.style !== 'preformatted' || !span.language) return [];
  const language = span.language.replace(/[\s`]+/g, ' ').trim();
  const before = span.start === 0 || text[span.start - 1] === '\n' ? '' : '\n';
  const after = span.end === text.length || text[span.end] === '\n' ? '' : '\n';
  return [
    { at: span.start, words: `${before}\`\`\`${language}\n`, rank: rank.opening, order: -span.end },
    { at: span.end, words: `\n\`\`\`${after}`, rank: rank.closing, order: -span.start },
  ];
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a style is, without overlaps. */
function rangesOf(spans: readonly ReceivedSpan[], style: SpanStyle): readonly Range[] {
  const ranges: { start: number; end: number }[] = [];
  const found = spans.filter((span) => span.kind === 'style' && span.style === style);
  for (const { start, end } of [...found].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last === undefined || start > last.end) ranges.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return ranges;
}

const pairedSigns = (ranges: readonly Range[], sign: string): readonly Insertion[] =>
  ranges.flatMap(({ start, end }) => [
    { at: start, words: sign, rank: rank.opening, order: -end },
    { at: end, words: sign, rank: rank.closing, order: -start },
  ]);

function lineSigns(text: string, { start, end }: Range): readonly Insertion[] {
  const places = [start];
  for (let at = text.indexOf('\n', start); at !== -1 && at + 1 < end; at = text.indexOf('\n', at + 1)) {
    places.push(at + 1);
  }
  return places.map((at) => ({ at, words: '> ', rank: rank.line, order: 0 }));
}

function inserted(text: string, insertions: readonly Insertion[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { at, words } of insertions) {
    pieces.push(text.slice(from, at), words);
    from = at;
  }
  return [...pieces, text.slice(from)].join('');
}

/** Where a place of the text is after the insertions: behind those at it, or before them. */
function shiftBy(insertions: readonly Insertion[]): (place: number, isBehind: boolean) => number {
  let sum = 0;
  const sums = [0, ...insertions.map(({ words }) => (sum += words.length))];
  return (place, isBehind) => {
    let low = 0;
    let high = insertions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = insertions[middle]?.at ?? 0;
      if (at < place || (isBehind && at === place)) low = middle + 1;
      else high = middle;
    }
    return place + (sums[low] ?? 0);
  };
}
