import type { MessageRecord } from '../../store/messages.ts';

/**
 * A message as it was when its request was answered. What happened to it since then is left out: its entry in the inbox, edits,
 * taps, a deletion, and of a scheduled one also the send.
 */
export function asAccepted(record: MessageRecord): MessageRecord {
  const taken = {
    ...record,
    content: beforeEdits(record.content),
    resentAs: null,
    editedAt: null,
    deletedAt: null,
    taps: [],
  };
  const mirror = { conversationId: null, entryId: null, detail: null } as const;
  if (record.sendAt === null) {
    const state = record.skipsInbox ? 'none' : 'pending';
    return { ...taken, updatedAt: endOfSend(record), mirror: { ...mirror, state } };
  }
  return {
    ...taken,
    state: 'scheduled',
    channelMessageId: null,
    channelMessageIds: null,
    updatedAt: record.createdAt,
    failure: null,
    resolution: null,
    attempts: [],
    mirror: { ...mirror, state: 'none' },
  };
}

/** Every edit keeps what it replaced, so the first one has the words and buttons that were sent. */
function beforeEdits(content: MessageRecord['content']): MessageRecord['content'] {
  if ('author' in content || content.edits === undefined) return content;
  const [first] = content.edits;
  return { ...content, ...first?.before, edits: undefined };
}

function endOfSend({ attempts, createdAt }: MessageRecord): Date {
  const end = attempts.at(-1)?.finishedAt ?? null;
  return end === null ? createdAt : new Date(end);
}
