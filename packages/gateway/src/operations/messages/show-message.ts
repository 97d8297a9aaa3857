import { inboxKinds, type Message } from '@chatferry/contract';
import { wordsOfMessage } from '../../core/inbox/excerpt.ts';
import type { OutboundContent } from '../../core/message/content.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import { kindOfMessage } from '../../core/message/kind-of-message.ts';
import type { MessageRecord, TapRecord } from '../../store/messages.ts';
import { ApiError } from '../api-error.ts';
import { showFailure } from './failure-words.ts';
import type { LinkTo } from './file-links.ts';
import { showButtons } from './show-buttons.ts';
import { showSentFile, showShared, tappedData } from './show-shared.ts';

/** The message as the API shows it. */
export function showMessage(record: MessageRecord, linkTo: LinkTo): Message {
  const { content } = record;
  const inbound = 'author' in content ? content : null;
  return {
    id: record.messageId,
    direction: record.direction,
    origin: record.origin,
    kind: kindOfMessage(content),
    state: record.state,
    channel_id: record.channelId,
    chat_id: record.chatId,
    topic_id: topicOf(content),
    text: wordsOfMessage(content),
    ...showShared(content, (index) => linkTo(record.messageId, index)),
    buttons: 'author' in content ? null : showButtons(content.controls),
    reply_to: 'author' in content ? showAnswered(content) : showAnswer(content),
    author: inbound && showAuthor(inbound),
    sender: showSender(record),
    metadata: record.metadata,
    inbox: record.skipsInbox ? 'skip' : 'record',
    channel_message_id: shownId(record.channelMessageId),
    channel_message_ids: shownIds(record),
    request_id: record.requestId,
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
    send_at: record.sendAt?.toISOString() ?? null,
    edited_at: record.editedAt?.toISOString() ?? null,
    deleted_at: record.deletedAt?.toISOString() ?? null,
    failure: showFailure(record.failure),
    resolution: record.resolution,
    resend_of: record.resendOf,
    resend_note: record.resendNote,
    resent_as: record.resentAs,
    attempts: record.attempts.map((attempt) => ({
      number: attempt.number,
      started_at: attempt.startedAt,
      finished_at: attempt.finishedAt,
      outcome: attempt.outcome,
      detail: attempt.detail,
    })),
    edits: showEdits(content),
    taps: record.taps.map(showTap),
    mirror: {
      state: record.mirror.state,
      conversation_id: record.mirror.conversationId,
      entry_id: record.mirror.entryId,
      detail: record.mirror.detail,
    },
  };
}

const shownId = (channelMessageId: string | null): string | null =>
  channelMessageId === null ? null : `tg-${channelMessageId}`;

const shownIds = ({ channelMessageId, channelMessageIds }: MessageRecord): string[] =>
  (channelMessageIds ?? (channelMessageId === null ? [] : [channelMessageId])).map((id) => `tg-${id}`);

const showSender = ({ sender }: MessageRecord): Message['sender'] =>
  sender && { [inboxKinds[sender.inboxKind].senderField]: sender.id };

const showAnswer = ({ answers }: OutboundContent): Message['reply_to'] =>
  answers === undefined
    ? null
    : {
        message_id: answers.messageId,
        channel_message_id: shownId(answers.channelMessageId),
        text: answers.text,
      };

function topicOf(content: MessageRecord['content']): number | null {
  const topicId = 'author' in content ? content.chat.topicId : (content.topicId ?? null);
  return topicId === null ? null : Number(topicId);
}

const showEdits = (content: MessageRecord['content']): Message['edits'] =>
  'author' in content
    ? []
    : (content.edits ?? []).map(({ at, text, files }) => ({ at, text, files: files?.map(showSentFile) ?? null }));

const showTap = ({ inboundId, at, content }: TapRecord): Message['taps'][number] => ({
  at: at.toISOString(),
  inbound_id: inboundId,
  button: content.label,
  data: tappedData(content),
});

const showAuthor = ({ author }: InboundEvent): Message['author'] => ({
  id: author.userId,
  name: author.name,
  username: author.username,
  language: author.languageCode,
});

const showAnswered = ({ answers }: InboundEvent): Message['reply_to'] =>
  answers && {
    message_id: null,
    channel_message_id: shownId(answers.channelMessageId),
    text: answers.excerpt === '' ? null : answers.excerpt,
  };

export const noSuchMessage = (): ApiError =>
  new ApiError('NOT_FOUND', { message: 'There is no such message. Check message_id.' });
