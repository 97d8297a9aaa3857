import type { Alarm } from '../../core/health/alarm.ts';
import type { ChannelWords } from '../../core/health/channel-words.ts';

/** Counts, per channel, how many polls in a row another system ended. */
export interface PollingConflicts {
  /** Returns the wait before the next poll, in milliseconds. */
  record(channel: { readonly id: string; readonly workspaceId: string }, detail: string): number;
  forget(channelId: string): void;
  alarms(): readonly Alarm[];
}

interface Conflict {
  readonly workspaceId: string;
  readonly detail: string;
  readonly count: number;
}

/** The wait after a poll that Telegram refused. */
export const retryMs = 3_000;
/** Telegram answers 409 once when it replaces a poll of ours that ended unnoticed. More often means another system. */
const conflictsMax = 2;
/** Two systems that poll one bot end each other's polls. This limits how often. */
const conflictRetryMs = 30_000;

export function createPollingConflicts(channelWords: ChannelWords): PollingConflicts {
  const conflicts = new Map<string, Conflict>();
  return {
    record({ id, workspaceId }, detail) {
      const count = (conflicts.get(id)?.count ?? 0) + 1;
      conflicts.set(id, { workspaceId, detail, count });
      return count <= conflictsMax ? retryMs : conflictRetryMs;
    },
    forget: (channelId) => void conflicts.delete(channelId),
    alarms: () =>
      [...conflicts].flatMap(([channelId, conflict]) =>
        conflict.count <= conflictsMax ? [] : [conflictAlarm(channelId, conflict, channelWords)],
      ),
  };
}

const conflictAlarm = (
  channelId: string,
  { workspaceId, detail }: Conflict,
  { displayName, tokenIssuer, revokeCommand }: ChannelWords,
): Alarm => ({
  kind: 'polling-conflict',
  subject: channelId,
  workspaceId,
  detail: `Another system takes the updates of this bot (${displayName}: “${detail}”). What customers do may not arrive here.`,
  remedy: `End the other system that uses this bot, or take the bot away from it: revoke the token in ${tokenIssuer} (${revokeCommand}) and set the new one (chatferry channels update ${channelId} --bot-token-file FILE). If it set a webhook: chatferry channels repair ${channelId}.`,
});
