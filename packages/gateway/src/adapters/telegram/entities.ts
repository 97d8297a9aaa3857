import type { MessageEntity } from '@grammyjs/types';
import type { Span, SpanStyle } from '../../core/message/rich-text.ts';

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

/** Telegram: at most 100 entities a message; the rest would be refused. */
const entitiesMax = 100;
/** Telegram: an address that it does not know refuses the whole message. */
const knownAddress = /^(https?:\/\/[^\s/][^\s/.]*\.\S+|tg:\/\/\S+)$/i;

/** Spans as Telegram's entities; offsets count UTF-16 code units on both sides. What Telegram would refuse is left out. */
export function entitiesOf(spans: readonly Span[]): MessageEntity[] {
  return spans
    .filter((span) => span.end > span.start && (span.kind === 'style' || knownAddress.test(span.url)))
    .slice(0, entitiesMax)
    .map((span): MessageEntity => {
      const place = { offset: span.start, length: span.end - span.start };
      return span.kind === 'link'
        ? { type: 'text_link', url: span.url, ...place }
        : { type: types[span.style], ...place };
    });
}
