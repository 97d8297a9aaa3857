import type { ExternalReplyInfo, Message, MessageOriginUser, TextQuote } from '@grammyjs/types';
import type { Answered } from '../../core/message/inbound.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import { personId } from './concerned-people.ts';
import { signedText } from './formatting.ts';
import { originName } from './forwarded.ts';
import { kindOfMessage } from './message-content.ts';
import { decisionOf, isKnownField } from './message-fields.ts';
import { richMessageText } from './rich-message.ts';
import { asInteger, asObject, asText, type Untrusted } from './untrusted.ts';

const excerptCodePointsMax = 200;

/** What this message answers: what the customer marked of it, else its beginning, else what it was. */
export function answersOf(message: Untrusted<Message>): Answered | null {
  const quote = quoteOf(message.quote);
  const answered = asObject<Message>(message.reply_to_message);
  const messageId = asInteger(answered?.message_id);
  // Telegram: every message in a topic answers the topic's first one.
  const isTopic = message.is_topic_message === true && messageId === message.message_thread_id;
  if (answered && messageId !== null && !isTopic) {
    const words = quote === null ? excerptOf(answered) : { excerpt: cutExcerpt(quote) };
    return { channelMessageId: String(messageId), ...words, ...writtenBy(answered.from) };
  }
  const elsewhere = asObject<ExternalReplyInfo>(message.external_reply);
  if (elsewhere) {
    const words = quote === null ? excerptOf(elsewhere) : { excerpt: cutExcerpt(quote) };
    const origin = asObject<MessageOriginUser>(elsewhere.origin);
    return {
      channelMessageId: null,
      ...words,
      from: originName(elsewhere.origin),
      ...writtenBy(origin?.sender_user),
    };
  }
  return asObject(message.reply_to_story) ? { channelMessageId: null, excerpt: '', noun: 'story' } : null;
}

const writtenBy = (author: unknown): Pick<Answered, 'authorId'> => {
  const authorId = personId(author);
  return authorId === null ? {} : { authorId };
};

/** The beginning of a message's text or caption; without words, what it is: “photo”. */
export function excerptOf(message: Untrusted<Message>): Pick<Answered, 'excerpt' | 'noun'> {
  const words = wordsOf(message);
  if (words !== null) return { excerpt: cutExcerpt(words) };
  const kind = kindOfMessage(message);
  if (kind === null || !isKnownField(kind)) return { excerpt: '' };
  const decision = decisionOf(kind);
  return decision.role === 'content' ? { excerpt: '', noun: decision.noun } : { excerpt: '' };
}

function wordsOf(message: Untrusted<Message>): string | null {
  const text = asText(message.text);
  if (text !== null) return signedText(text, message.entities);
  const caption = asText(message.caption);
  if (caption !== null) return signedText(caption, message.caption_entities);
  return message.rich_message === undefined ? null : visibleName(richMessageText(message.rich_message));
}

function quoteOf(value: unknown): string | null {
  const quote = asObject<TextQuote>(value);
  const text = asText(quote?.text);
  return text === null ? null : signedText(text, quote?.entities);
}

function cutExcerpt(text: string): string {
  // Two code units a code point at most: no need to take a long text apart.
  const points = [...text.slice(0, 2 * excerptCodePointsMax + 2)];
  if (points.length <= excerptCodePointsMax) return text;
  return `${points.slice(0, excerptCodePointsMax - 1).join('')}…`;
}
