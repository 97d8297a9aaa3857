import { changeBy } from '../../core/inbox/edits.ts';
import { isTapOnUnknown, tapOn } from '../../core/inbox/tapped.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import type { StoreSlice } from '../../store/store.ts';

export type LookBackStore = StoreSlice<{ readonly messageHistory: 'readLastVersion' | 'readSentMessage' }>;

/** Completes an event by the messages before it: null where it is an edit that nobody would see. */
export type LookBack = (channelId: string, event: InboundEvent) => Promise<InboundEvent | null>;

export function createLookBack(store: LookBackStore): LookBack {
  return async (channelId, event) => {
    const { chatId } = event.chat;
    if (event.editedAtMs !== null && event.channelMessageId !== null) {
      return changeBy(event, await store.messageHistory.readLastVersion(channelId, chatId, event.channelMessageId));
    }
    const tapped = event.answers?.channelMessageId ?? null;
    if (tapped === null || !isTapOnUnknown(event)) return event;
    const sent = await store.messageHistory.readSentMessage(channelId, chatId, tapped);
    return sent === null ? event : tapOn(event, sent);
  };
}
