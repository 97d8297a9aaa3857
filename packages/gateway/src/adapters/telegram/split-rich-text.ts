import { messageTextMax } from '@chatferry/contract';
import type { RichText, Span } from '../../core/message/rich-text.ts';
import { linksWithoutRoom } from './entities.ts';
import { lostLinksIn, spellLinks } from './spell-links.ts';

/** Where a long text may be cut, best first; the cut is behind the match. */
const seams: readonly RegExp[] = [/\n\s*\n/g, /\n/g, /[.!?…]\s/g, /\s/g];

/**
 * The messages of a text, with the address of each link that cannot be one in its message behind its words: Telegram refuses
 * it, drops it, or has no room for it.
 */
export function textPieces(body: RichText): readonly RichText[] {
  return splitRichText(spellLost(body)).flatMap(withoutLostLinks);
}

function spellLost(body: RichText): RichText {
  const lost = lostLinksIn(body.spans);
  return spellLinks(body, (link) => lost.has(link));
}

/** A message that becomes too long by its addresses is split again, and then has fewer links. */
function withoutLostLinks(piece: RichText): readonly RichText[] {
  const lost = new Set<Span>([...lostLinksIn(piece.spans), ...linksWithoutRoom(piece.spans)]);
  if (lost.size === 0) return [piece];
  return splitRichText(spellLinks(piece, (link) => lost.has(link))).flatMap(withoutLostLinks);
}

/** Pieces that fit into one message each, cut at the best place in the last half; formatting continues across a cut. */
export function splitRichText(body: RichText): readonly RichText[] {
  const pieces: RichText[] = [];
  const open = openSpans(body.spans);
  let start = 0;
  while (start < body.text.length) {
    const limit = indexAfter(body.text, start, messageTextMax);
    const end = limit === body.text.length ? limit : seamBefore(body.text, start, limit);
    const piece = trimPiece(body.text, open(start, end), start, end);
    if (piece.text !== '') pieces.push(piece);
    start = end;
  }
  return pieces;
}

/** The index behind at most `count` code points from `start`. */
function indexAfter(text: string, start: number, count: number): number {
  let index = start;
  for (let taken = 0; taken < count && index < text.length; taken += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}

function seamBefore(text: string, start: number, limit: number): number {
  const half = start + Math.floor((limit - start) / 2);
  const tail = text.slice(half, limit);
  for (const seam of seams) {
    const last = [...tail.matchAll(seam)].at(-1);
    if (last) return half + last.index + last[0].length;
  }
  return limit;
}

/** The piece without white space at its ends, its spans moved along. */
function trimPiece(whole: string, spans: readonly Span[], from: number, to: number): RichText {
  const raw = whole.slice(from, to);
  const start = from + (raw.length - raw.trimStart().length);
  const text = raw.trim();
  const end = start + text.length;
  const moved = spans
    .map(
      (span): Span => ({ ...span, start: Math.max(span.start, start) - start, end: Math.min(span.end, end) - start }),
    )
    .filter((span) => span.end > span.start);
  return { text, spans: moved };
}

/** The spans with words between two places, by their beginnings. The places of each call are behind those of the call before it. */
function openSpans(spans: readonly Span[]): (from: number, to: number) => readonly Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  let next = 0;
  let open: readonly Span[] = [];
  return (from, to) => {
    const first = next;
    while (next < sorted.length && (sorted[next]?.start ?? 0) < to) next += 1;
    open = [...open, ...sorted.slice(first, next)].filter(({ end }) => end > from);
    return open;
  };
}
