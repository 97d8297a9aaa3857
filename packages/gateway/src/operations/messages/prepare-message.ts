import { type FormattedText, readText, type SendMessage } from '@chatferry/contract';
import { wordsOfMessage } from '../../core/inbox/excerpt.ts';
import type { FileBudget } from '../../core/memory/file-budget.ts';
import type { AnsweredMessage } from '../../core/message/outgoing.ts';
import type { OpenChannel } from '../../engine/directory/directory.ts';
import { fetchStored } from '../../engine/send/fetch-stored.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { StoreSlice } from '../../store/store.ts';
import { invalidValue } from '../api-error.ts';
import type { PreparedSend } from '../send-telegram-interactive/send-once.ts';
import { type GatherDeps, gatherFiles } from './gather-files.ts';

export interface PrepareDeps extends GatherDeps {
  readonly store: GatherDeps['store'] & StoreSlice<{ readonly messages: 'read' }>;
  /** Bounds the files in memory. */
  readonly fileBudget: FileBudget;
  readonly kind: ChannelKind;
}

/** Finds everything that a message names, and encodes it. Throws TYPE_MISMATCH for what is not there. */
export async function prepareMessage(
  deps: PrepareDeps,
  { record }: OpenChannel,
  body: SendMessage,
  requestId: string,
): Promise<PreparedSend> {
  const { store, kind, fileBudget } = deps;
  const { workspaceId, id: channelId } = record;
  const answered = await findAnswered(store, kind, record, body);
  const files = await gatherFiles(deps, { workspaceId, channelId }, body);
  const { wire, content } = kind.encodeMessage({
    body,
    words: wordsOf(body),
    files,
    answered,
    nonce: requestId.replaceAll('-', ''),
  });
  const prepared = { wire, content, metadata: body.metadata, skipsInbox: body.inbox === 'skip' };
  if (!files.some(({ source }) => source.kind === 'stored')) return prepared;
  if (body.send_at !== undefined) {
    const ids = files.flatMap(({ source }) => (source.kind === 'stored' ? [source.storedId] : []));
    await store.files.keep(workspaceId, ids, new Date(body.send_at));
    return prepared;
  }
  const bytes = files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  const release = await fileBudget.take(channelId, bytes);
  return { ...prepared, release, fetchAttachment: fetchStored(store, workspaceId) };
}

/** The contract has read the same text before, and found no problem. */
function wordsOf({ text, format = 'plain', media }: SendMessage): FormattedText | null {
  if (text === undefined) return null;
  const read = readText(text, format, media === undefined ? 'text' : 'caption');
  if (!read.ok) throw new Error('A text with problems got past the contract.');
  return read;
}

/** The message that this one answers, which must be in the same chat. */
async function findAnswered(
  store: PrepareDeps['store'],
  { displayName }: ChannelKind,
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
      `reply_to.message_id must be the id of a message that ${displayName} has; message ${messageId} is ${message.state}.`,
    );
  return { messageId, channelMessageId: message.channelMessageId, text: wordsOfMessage(message.content), quote };
}
