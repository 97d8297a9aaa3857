import { createHash } from 'node:crypto';
import { plainText } from '../../core/inbox/entry.ts';
import type { Inbox, InboxOutcome } from '../../ports/inbox.ts';

const ok = <T>(value: T): Promise<InboxOutcome<T>> => Promise.resolve({ kind: 'ok', value });

/** An inbox that is only the log: an entry is written as soon as it is asked for. No agent answers in it. */
export const openTestInbox = (): Inbox => ({
  opensWithFiles: true,
  describe: () => ok({ account: 'test mode', accountId: null, defaultSender: null }),
  listTeammates: () => ok([]),
  connectChannel: () => ok({}),
  ensureContact: ({ chat }) => ok({ contactId: `test-${chat.chatId}`, data: {} }),
  append: ({ conversationId, generation }, { key }, { chat }) =>
    ok({
      entryId: `test-${key}`,
      conversationId: conversationId ?? `test-${chat.chatId}-${generation}`,
      remark: null,
    }),
  find: () => ok(null),
  addNote: () => ok(true),
  textHashOf: (body) => createHash('sha256').update(plainText(body)).digest('hex'),
  fetchAttachment: () => Promise.resolve({ kind: 'refused', detail: 'test mode has no files of agents' }),
  reportDelivery: () => ok(true),
  changedConversations: () => ok({ conversationIds: [], nextCursor: null }),
  complete: () => ok([]),
  recentEvents: () => ok([]),
});
