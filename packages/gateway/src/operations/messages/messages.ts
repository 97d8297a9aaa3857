import { type ErrorName, errorNamed, type Handlers, type Message } from '@chatferry/contract';
import { excerptOf } from '../../core/inbox/excerpt.ts';
import type { MessageRecord, MessageScope } from '../../store/messages.ts';
import type { FailureRecord } from '../../store/results.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, unfit } from '../api-error.ts';
import { keyOf, type RequestContext } from '../context.ts';
import { unfitCursor } from '../page.ts';

export interface MessageDeps {
  readonly store: StoreSlice<{ readonly messages: 'read' | 'list' | 'readAny'; readonly resolutions: 'resolve' }>;
  /** The inbox has work. */
  readonly onResolved: () => void;
}

const scopeOf = (context: RequestContext): MessageScope => {
  const { workspaceId, channelId } = keyOf(context);
  return { workspaceId, channelId };
};

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

export function messageHandlers(
  deps: MessageDeps,
): Pick<Handlers<RequestContext>, 'getMessage' | 'listMessages' | 'resolveMessage'> {
  return {
    async getMessage(context, { params }) {
      const record = await deps.store.messages.read(scopeOf(context), params.message_id);
      if (!record)
        throw new ApiError('NOT_FOUND', { message: 'There is no such message for this key. Check message_id.' });
      return showMessage(record);
    },

    async listMessages(context, { query }) {
      if (query.cursor !== undefined && !/^[1-9][0-9]{0,14}$/.test(query.cursor)) throw unfitCursor();
      const before = query.cursor === undefined ? undefined : Number(query.cursor);
      const records = await deps.store.messages.list(scopeOf(context), {
        channelId: query.channel_id,
        chatId: query.chat_id,
        state: query.state,
        before,
        limit: query.limit + 1,
      });
      const page = records.slice(0, query.limit);
      const last = page.at(-1);
      return {
        data: page.map(showMessage),
        next_cursor: last && records.length > query.limit ? String(last.messageId) : null,
      };
    },

    async resolveMessage(_context, { params: { message_id: messageId }, body: { state, note } }) {
      const isResolved = await deps.store.resolutions.resolve(
        messageId,
        { state, by: 'admin', note },
        state === 'sent' ? null : notSent(note),
      );
      const record = await deps.store.messages.readAny(messageId);
      if (!record) throw new ApiError('NOT_FOUND', { message: 'There is no such message. Check message_id.' });
      if (!isResolved) {
        throw unfit(
          '#/params/message_id',
          `message_id must be that of a message which is unknown; message ${messageId} is ${record.state}, and that stands.`,
        );
      }
      deps.onResolved();
      return showMessage(record);
    },
  };
}

/** A failure that gives its Idempotency-Key back: the caller may send it anew. */
const notSent = (note: string): FailureRecord => ({
  name: 'UNAVAILABLE',
  reason: `resolved by the administrator: ${note}`,
});
