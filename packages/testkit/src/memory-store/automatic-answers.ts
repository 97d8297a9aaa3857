import type { AutomaticKind } from '@chatferry/gateway/internal/core/message/content';
import type { QueryBinder } from './bind-queries.ts';
import { dayOf, enqueue, type MemoryDatabase } from './database.ts';

export function queueAutomatic(
  db: MemoryDatabase,
  row: {
    readonly workspaceId: string;
    readonly channelId: string;
    readonly chatId: string;
    readonly payload: Readonly<Record<string, unknown>>;
  },
): void {
  enqueue(db, `automatic:${row.channelId}:${row.chatId}`, row.workspaceId, 'automatic', row.payload);
}

export function wasAutomaticSentWithin(
  db: MemoryDatabase,
  asked: {
    readonly channelId: string;
    readonly chatId: string;
    readonly kind: AutomaticKind;
    readonly minutes: number;
  },
): boolean {
  const sinceMs = db.nowMs() - asked.minutes * 60_000;
  for (const { key, origin, content, state, createdAtMs, createdOn } of db.messages.values()) {
    if (key.channelId !== asked.channelId || key.chatId !== asked.chatId || origin !== 'automatic') continue;
    if (!('automatic' in content) || content.automatic !== asked.kind || state === 'failed') continue;
    if (createdAtMs > sinceMs && createdOn >= dayOf(sinceMs)) return true;
  }
  return false;
}

/** The queries of `store.automaticAnswers`. */
export const automaticAnswers = ({ bind }: QueryBinder) =>
  bind('automaticAnswers', { queue: queueAutomatic, wasSentWithin: wasAutomaticSentWithin });
