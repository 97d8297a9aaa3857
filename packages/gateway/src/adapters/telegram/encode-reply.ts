import type { OutboundContent } from '../../core/content.ts';
import type { OutgoingReply } from '../../core/prepare-reply.ts';
import type { Wire } from '../../ports/channel.ts';
import { chatIdOnWire } from './encode.ts';
import { entitiesOf } from './entities.ts';
import { controlsOfReply, markupOfReply } from './reply-controls.ts';
import { splitRichText } from './split-rich-text.ts';

/**
 * An agent's reply as messages, in order. Formatting goes as entities, which cannot be malformed, so that no formatting ever
 * fails a send; buttons stand under the last message.
 */
export function encodeReply(
  chat: { readonly chatId: string; readonly topicId: string | null },
  reply: OutgoingReply,
): readonly { readonly wire: Wire; readonly content: OutboundContent }[] {
  const pieces = splitRichText(reply.body);
  return pieces.map((piece, index) => {
    const controls = index === pieces.length - 1 ? controlsOfReply(reply) : ({ kind: 'none' } as const);
    const markup = markupOfReply(controls);
    const entities = entitiesOf(piece.spans);
    return {
      wire: {
        chat_id: chatIdOnWire(chat.chatId),
        text: piece.text,
        ...(chat.topicId === null ? {} : { message_thread_id: Number(chat.topicId) }),
        ...(entities.length === 0 ? {} : { entities }),
        ...(markup === null ? {} : { reply_markup: markup }),
      },
      content: { text: piece.text, controls },
    };
  });
}
