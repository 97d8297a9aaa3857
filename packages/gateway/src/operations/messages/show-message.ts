import { type ErrorName, errorNamed, type Message } from '@chatferry/contract';
import { excerptOf } from '../../core/inbox/excerpt.ts';
import type { MessageRecord } from '../../store/messages.ts';
import { ApiError } from '../api-error.ts';

export function showMessage(record: MessageRecord): Message {
  return {
    message_id: record.messageId,
    direction: record.direction,
    state: record.state,
    channel_id: record.channelId,
    chat_id: record.chatId,
    text: excerptOf(record.content),
    channel_message_id: record.channelMessageId === null ? null : `tg-${record.channelMessageId}`,
    request_id: record.requestId,
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
    failure:
      record.failure === null
        ? null
        : {
            code: errorNamed(record.failure.name as ErrorName).code,
            name: record.failure.name,
            reason: record.failure.reason,
          },
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
    mirror: {
      state: record.mirror.state,
      conversation_id: record.mirror.conversationId,
      entry_id: record.mirror.entryId,
      detail: record.mirror.detail,
    },
  };
}

export const noSuchMessage = (): ApiError =>
  new ApiError('NOT_FOUND', { message: 'There is no such message. Check message_id.' });
