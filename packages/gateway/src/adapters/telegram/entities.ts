import type { MessageEntity } from '@grammyjs/types';
import type { Span, SpanStyle } from '../../core/message/rich-text.ts';
import { canBeLink } from './link-address.ts';

const types = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'strikethrough',
  spoiler: 'spoiler',
  code: 'code',
  preformatted: 'pre',
  quote: 'blockquote',
} as const satisfies Record<SpanStyle, MessageEntity['type']>;

/** Telegram: at most 100 entities a message, TDLib MessageEntity.cpp `get_input_message_entities`; the rest is dropped. */
const entitiesMax = 100;

/** Telegram: formatting that says something besides how the words look. It comes first where not everything fits. */
const isMeaningful = (span: Span): boolean =>
  span.kind === 'link' || span.style === 'code' || span.style === 'preformatted' || span.style === 'quote';

/** The spans that one message can have, in order. */
function fittingSpans(spans: readonly Span[]): readonly Span[] {
  const worded = spans.filter((span) => span.end > span.start);
  if (worded.length <= entitiesMax) return worded;
  const first = worded.filter(isMeaningful).slice(0, entitiesMax);
  const others = worded.filter((span) => !isMeaningful(span)).slice(0, entitiesMax - first.length);
  return [...first, ...others].sort((a, b) => a.start - b.start);
}

/** The links that one message has no room for. */
export function linksWithoutRoom(spans: readonly Span[]): readonly Span[] {
  if (spans.length <= entitiesMax) return [];
  const fitting = new Set(fittingSpans(spans));
  return spans.filter((span) => span.kind === 'link' && span.end > span.start && !fitting.has(span));
}

/** Spans as Telegram's entities; offsets count UTF-16 code units on both sides. What Telegram would refuse is left out. */
export const entitiesOf = (spans: readonly Span[]): MessageEntity[] =>
  fittingSpans(spans.filter((span) => span.kind === 'style' || canBeLink(span.url))).map(entityOf);

/** One span as an entity. */
export function entityOf(span: Span): MessageEntity {
  const place = { offset: span.start, length: span.end - span.start };
  if (span.kind === 'link') return { type: 'text_link', url: span.url, ...place };
  if (span.style === 'preformatted' && span.language !== undefined) {
    return { type: 'pre', language: span.language, ...place };
  }
  return { type: types[span.style], ...place };
}
