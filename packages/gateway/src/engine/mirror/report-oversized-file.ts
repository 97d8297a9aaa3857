import { sizeText } from '../../core/inbox/media-names.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import { topicOf } from '../../store/conversations.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import { automaticJob } from '../updates/automatic-job.ts';

export interface ReportOversizedFileDeps {
  readonly store: StoreSlice<{ readonly automaticAnswers: 'queue' }>;
  readonly clock: Clock;
}

/** An answer to a message older than this would no longer help the customer. */
const ageMaxMs = 3_600_000;

/** Tells the customer, once per message, that a file of theirs is too large to be fetched. */
export async function reportOversizedFile(
  { store, clock }: ReportOversizedFileDeps,
  { options }: ChannelRecord,
  { key, content, createdOn, messageId, createdAtMs }: MirrorMessage,
  maxBytes: number,
): Promise<void> {
  const text = options.large_file?.replaceAll('{limit}', sizeText(maxBytes)) ?? null;
  const nowMs = clock.nowMs();
  // In a group it would answer files that people send to each other.
  const isPrivate = 'chat' in content && content.chat.kind === 'private';
  if (text === null || !isPrivate || nowMs - createdAtMs > ageMaxMs) return;
  const { workspaceId, channelId, chatId } = key;
  const payload = automaticJob(
    { kind: 'large-file', text, everyMinutes: null },
    { channelId, chat: { chatId, topicId: topicOf(key) }, cause: `file:${createdOn}:${messageId}`, nowMs },
  );
  await store.automaticAnswers.queue({ workspaceId, channelId, chatId, payload });
}
