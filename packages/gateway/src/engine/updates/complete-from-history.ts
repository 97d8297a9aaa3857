import { visibleChange } from '../../core/inbox/edits.ts';
import { completeTap, isTapWithoutMessage } from '../../core/inbox/tapped.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import type { StoreSlice } from '../../store/store.ts';

export type HistoryStore = StoreSlice<{ readonly messageHistory: 'readLastVersion' | 'readSentMessage' }>;

/** Completes an event from the chat's earlier messages. Null if it is an edit whose change the team would not see. */
export async function completeFromHistory(
  store: HistoryStore,
  channelId: string,
  event: InboundEvent,
): Promise<InboundEvent | null> {
  const { chatId } = event.chat;
  if (event.editedAtMs !== null && event.channelMessageId !== null) {
    return visibleChange(event, await store.messageHistory.readLastVersion(channelId, chatId, event.channelMessageId));
  }
  const tapped = event.answers?.channelMessageId ?? null;
  if (tapped === null || !isTapWithoutMessage(event)) return event;
  const sent = await store.messageHistory.readSentMessage(channelId, chatId, tapped);
  return sent === null ? event : completeTap(event, sent);
}
