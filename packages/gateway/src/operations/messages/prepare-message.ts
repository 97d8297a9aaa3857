import { type FormattedText, readText, type SendMessage } from '@chatferry/contract';
import { wordsOfMessage } from '../../core/inbox/excerpt.ts';
import type { AnsweredMessage, OutgoingFile } from '../../core/message/outgoing.ts';
import type { OpenChannel } from '../../engine/directory/directory.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { StoreSlice } from '../../store/store.ts';
import { invalidValue } from '../api-error.ts';
import type { PreparedSend } from '../send-telegram-interactive/send-once.ts';

export interface PrepareDeps {
  readonly store: StoreSlice<{ readonly messages: 'read' }>;
  readonly kind: ChannelKind;
}

/** Finds everything that a message names, and encodes it. Throws TYPE_MISMATCH for what is not there. */
export async function prepareMessage(
  { store, kind }: PrepareDeps,
  { record }: OpenChannel,
  body: SendMessage,
): Promise<PreparedSend> {
  const answered = await findAnswered(store, record, body);
  const files = filesOf(body);
  const { wire, content } = kind.encodeMessage({ body, words: wordsOf(body), files, answered });
  return { wire, content, metadata: body.metadata, skipsInbox: body.inbox === 'skip' };
}

/** The contract has read the same text before, and found no problem. */
function wordsOf({ text, format = 'plain', media }: SendMessage): FormattedText | null {
  if (text === undefined) return null;
  const read = readText(text, format, media === undefined ? 'text' : 'caption');
  if (!read.ok) throw new Error('A text with problems got past the contract.');
  return read;
}

/** The message that this one answers. Telegram: it must be in the same chat. */
async function findAnswered(
  store: PrepareDeps['store'],
  { workspaceId, id: channelId }: OpenChannel['record'],
  { reply_to: reply, to }: SendMessage,
): Promise<AnsweredMessage | null> {
  if (reply === undefined) return null;
  const { message_id: messageId, quote } = reply;
  const message = await store.messages.read({ workspaceId, channelId }, messageId);
  const pointer = '/reply_to/message_id';
  if (message?.chatId !== to)
    throw invalidValue(pointer, `reply_to.message_id must be the id of a message in this chat; ${messageId} is not.`);
  if (message.channelMessageId === null)
    throw invalidValue(
      pointer,
      `reply_to.message_id must be the id of a message that Telegram has; message ${messageId} is ${message.state}.`,
    );
  return { messageId, channelMessageId: message.channelMessageId, text: wordsOfMessage(message.content), quote };
}

function filesOf({ media }: SendMessage): readonly OutgoingFile[] {
  if (media === undefined) return [];
  return (Array.isArray(media) ? media : [media]).map(({ kind, file_id: fileId, file_name: name = null }, index) => {
    const at = Array.isArray(media) ? `/media/${index}` : '/media';
    if (fileId === undefined) throw invalidValue(at, `${at} must have a file_id.`);
    return { media: kind, source: { kind: 'channel', fileId }, name, mediaType: null, sizeBytes: null };
  });
}
