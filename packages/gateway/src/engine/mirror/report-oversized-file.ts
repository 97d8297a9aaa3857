import { sizeText } from '../../core/inbox/files.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import { topicOf } from '../../store/conversations.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import { automaticJob } from '../updates/answer-automatically.ts';

/** Tells the customer that a file of theirs cannot be fetched; once a message, and only while they may still wait for an answer. */
export type TellTooLarge = (channel: ChannelRecord, message: MirrorMessage, maxBytes: number) => Promise<void>;

export type TellTooLargeStore = StoreSlice<{ readonly automaticAnswers: 'queue' }>;

const ageMaxMs = 3_600_000;

export function createTellTooLarge(store: TellTooLargeStore, clock: Clock): TellTooLarge {
  return async ({ options }, { key, content, createdOn, messageId, createdAtMs }, maxBytes) => {
    const text = options.large_file?.replaceAll('{limit}', sizeText(maxBytes)) ?? null;
    const nowMs = clock.nowMs();
    // In a group it would answer to what people send each other.
    const isPrivate = 'chat' in content && content.chat.kind === 'private';
    if (text === null || !isPrivate || nowMs - createdAtMs > ageMaxMs) return;
    const { workspaceId, channelId, chatId } = key;
    const payload = automaticJob(
      { kind: 'large-file', text, everyMinutes: null },
      {
        channelId,
        chat: { chatId, topicId: topicOf(key) },
        cause: `file:${createdOn}:${messageId}`,
        nowMs,
      },
    );
    await store.automaticAnswers.queue({ workspaceId, channelId, chatId, payload });
  };
}
