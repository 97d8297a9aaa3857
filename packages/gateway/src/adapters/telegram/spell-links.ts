import type { RichText, Span } from '../../core/message/rich-text.ts';
import { saysAddress } from '../rich-text/link.ts';
import { canBeLink } from './link-address.ts';

type Link = Extract<Span, { kind: 'link' }>;

/** The text with the addresses of these links behind their words, unless the words are the address. */
export function spellLinks({ text, spans }: RichText, isLost: (link: Link) => boolean): RichText {
  const lost = spans.filter((span): span is Link => span.kind === 'link' && isLost(span));
  if (lost.length === 0) return { text, spans };
  const gone = new Set<Span>(lost);
  const added = lost
    .filter(({ start, end, url }) => !saysAddress(text.slice(start, end), url))
    .map(({ end, url }) => ({ at: end, words: ` (${url})` }))
    .sort((a, b) => a.at - b.at);
  const movedBy = movesOf(added);
  const kept = spans
    .filter((span) => !gone.has(span))
    .map((span) => ({ ...span, start: span.start + movedBy.start(span.start), end: span.end + movedBy.end(span) }));
  return { text: withAdded(text, added), spans: kept };
}

interface Added {
  readonly at: number;
  readonly words: string;
}

function withAdded(text: string, added: readonly Added[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { at, words } of added) {
    pieces.push(text.slice(from, at), words);
    from = at;
  }
  return [...pieces, text.slice(from)].join('');
}

/** How far the places of a text move when words are added. A quotation or code that ends there contains the words. */
function movesOf(added: readonly Added[]) {
  const sums: number[] = [0];
  for (const { words } of added) sums.push((sums.at(-1) ?? 0) + words.length);
  const before = (isBefore: (at: number) => boolean): number => sums[countWhile(added, isBefore)] ?? 0;
  return {
    start: (place: number): number => before((at) => at <= place),
    end: (span: Span): number => {
      const isBlock = span.kind === 'style' && (span.style === 'quote' || span.style === 'preformatted');
      return before((at) => (isBlock ? at <= span.end : at < span.end));
    },
  };
}

/** How many of these, which are in order, are before a place. */
function countWhile(added: readonly Added[], isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = added.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(added[middle]?.at ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Whether Telegram drops a link although its address is good. TDLib MessageEntity.cpp `fix_entities`: of code and links that
 * touch, only one stays, the first or the longer; and a link may not cross the border of a quotation.
 */
export function lostLinksIn(spans: readonly Span[]): ReadonlySet<Link> {
  const lost = new Set<Link>();
  let last: { readonly end: number } = { end: 0 };
  const quotes = spans.filter((span) => span.kind === 'style' && span.style === 'quote');
  const continuous = spans.filter(
    (span) => span.kind === 'link' || span.style === 'code' || span.style === 'preformatted',
  );
  // What Telegram refuses is taken out before Telegram looks.
  const sent = continuous.filter((span) => span.kind === 'style' || canBeLink(span.url));
  for (const span of [...sent].sort(byPlace)) {
    if (span.start >= last.end) last = span;
    else if (span.kind === 'link') lost.add(span);
  }
  const crosses = crossingOf(quotes);
  for (const span of continuous) {
    if (span.kind === 'link' && (!canBeLink(span.url) || crosses(span))) lost.add(span);
  }
  return lost;
}

/** By the beginning, then the longer one, then code before a link. */
const byPlace = (a: Span, b: Span): number =>
  a.start - b.start || b.end - a.end || Number(a.kind === 'link') - Number(b.kind === 'link');

/** Whether a range has a part in one of these quotations and a part outside of it. */
function crossingOf(quotes: readonly Span[]): (range: { readonly start: number; readonly end: number }) => boolean {
  const places = quotes.flatMap(({ start, end }) => [start, end]).sort((a, b) => a - b);
  return ({ start, end }) => {
    const next = firstAbove(places, start);
    return next !== undefined && next < end;
  };
}

function firstAbove(places: readonly number[], place: number): number | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return places[low];
}
