import type { OutboundContent } from '../../core/content.ts';
import type { AgentReply } from '../../core/inbox-event.ts';
import type { Wire } from '../../ports/channel.ts';
import { chatIdOnWire } from './encode.ts';
import { entitiesOf } from './entities.ts';
import { splitRichText } from './split-rich-text.ts';

/** Telegram: callback data has at most 64 bytes. */
const callbackDataBytesMax = 64;
const quickRepliesMax = 100;

/**
 * An agent's reply as messages, in order. Formatting goes as entities, which cannot be malformed, so that no formatting ever
 * fails a send; quick replies are buttons under the last message.
 */
export function encodeReply(
  chat: { readonly chatId: string; readonly topicId: string | null },
  reply: AgentReply,
): readonly { readonly wire: Wire; readonly content: OutboundContent }[] {
  const pieces = splitRichText(reply.body);
  return pieces.map((piece, index) => {
    const buttons = index === pieces.length - 1 ? buttonsOf(reply) : [];
    const entities = entitiesOf(piece.spans);
    return {
      wire: {
        chat_id: chatIdOnWire(chat.chatId),
        text: piece.text,
        ...(chat.topicId === null ? {} : { message_thread_id: Number(chat.topicId) }),
        ...(entities.length === 0 ? {} : { entities }),
        ...(buttons.length === 0
          ? {}
          : {
              reply_markup: {
                inline_keyboard: buttons.map(({ label, data }) => [{ text: label, callback_data: data }]),
              },
            }),
      },
      content: {
        text: piece.text,
        controls:
          buttons.length === 0
            ? { kind: 'none' }
            : {
                kind: 'buttons',
                rows: buttons.map(({ label, data }) => [{ label, action: { kind: 'callback', data } }]),
              },
      },
    };
  });
}

function buttonsOf(reply: AgentReply): readonly { readonly label: string; readonly data: string }[] {
  return reply.quickReplies
    .filter(
      ({ label, value }) => label.trim() !== '' && value !== '' && Buffer.byteLength(value) <= callbackDataBytesMax,
    )
    .slice(0, quickRepliesMax)
    .map(({ label, value }) => ({ label, data: value }));
}
