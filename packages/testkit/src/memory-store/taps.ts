import type { TappedMessage } from '@chatferry/gateway/internal/core/inbox/judge-tap';
import type { OutboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';
import { sentMessage } from './message-history.ts';
import { messageOf } from './messages.ts';

export function readTapped(
  db: MemoryDatabase,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): TappedMessage | null {
  const message = sentMessage(db, channelId, chatId, channelMessageId);
  if (message === null) return null;
  const delivered = [...db.attempts.values()].filter((attempt) => attempt.messageId === message.id);
  const sentAtMs = Math.max(
    ...delivered.filter(({ outcome }) => outcome === 'delivered').map(({ finishedAtMs }) => finishedAtMs),
  );
  return {
    messageId: message.id,
    createdOn: message.createdOn,
    content: message.content as OutboundContent,
    sentAtMs: Number.isFinite(sentAtMs) ? sentAtMs : (message.sendAtMs ?? message.createdAtMs),
    firstTap: message.firstTap,
  };
}

export function claimFirstTap(
  db: MemoryDatabase,
  { createdOn, messageId }: Pick<TappedMessage, 'messageId' | 'createdOn'>,
  updateId: string,
): string | null {
  const message = messageOf(db, createdOn, messageId);
  if (message === undefined) return null;
  message.firstTap ??= updateId;
  return message.firstTap;
}

/** The queries of `store.taps`. */
export const taps = ({ bind }: QueryBinder) => bind('taps', { readTapped, claimFirst: claimFirstTap });
