import type { Message, TextQuote } from '@grammyjs/types';
import type { InboundEvent } from '../../core/inbound.ts';
import { asInteger, asObject, asText, type Untrusted } from './untrusted.ts';

const EXCERPT_CODE_POINTS_MAX = 200;

/** The message that this one answers, with what the customer marked of it, else its beginning. */
export function answersOf(message: Untrusted<Message>): InboundEvent['answers'] {
  const answered = asObject<Message>(message.reply_to_message);
  const messageId = asInteger(answered?.message_id);
  if (!answered || messageId === null) return null;
  // Telegram: every message in a topic answers the topic's first one.
  if (message.is_topic_message === true && messageId === message.message_thread_id) return null;
  const quote = asText(asObject<TextQuote>(message.quote)?.text);
  return { channelMessageId: String(messageId), excerpt: quote === null ? excerptOf(answered) : excerpt(quote) };
}

/** The beginning of a message's text or caption; empty where it has neither. */
export const excerptOf = (message: Untrusted<Message>): string =>
  excerpt(asText(message.text) ?? asText(message.caption) ?? '');

function excerpt(text: string): string {
  // Two code units a code point at most: no need to take a long text apart.
  const points = [...text.slice(0, 2 * EXCERPT_CODE_POINTS_MAX + 2)];
  if (points.length <= EXCERPT_CODE_POINTS_MAX) return text;
  return `${points.slice(0, EXCERPT_CODE_POINTS_MAX - 1).join('')}…`;
}
