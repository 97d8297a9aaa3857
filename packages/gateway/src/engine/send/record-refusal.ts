import type { Next } from '../../core/delivery/decide.ts';
import type { Flight } from '../../store/intents.ts';
import type { DeliveryDeps } from './delivery.ts';

/** Records that Telegram limited a chat. If enough chats of the bot are limited, the bot pauses in every process. */
export async function recordRateLimit(
  deps: DeliveryDeps,
  { channelId, chatId }: Flight,
  pauseMs: number,
): Promise<void> {
  if (!deps.pace.recordLimit(channelId, chatId, pauseMs)) return;
  deps.pace.pauseBot(channelId, pauseMs);
  try {
    await deps.store.channels.pauseBot(channelId, pauseMs);
  } catch (cause) {
    deps.log.failed({ err: cause, channelId, what: 'pause of the bot not stored' });
  }
}

/**
 * Marks the chat or the bot that Telegram refused. If this write fails, the next refusal repeats it. Until the bot is marked
 * broken it stays open for sends, because an administrator could not see why they are refused.
 */
export async function recordRefusal(
  deps: DeliveryDeps,
  flight: Flight,
  next: Extract<Next, { kind: 'failed' }>,
): Promise<void> {
  try {
    if (next.recipientGone) await deps.store.chats.markBlocked(flight);
    if (next.channelBroken) {
      deps.pace.close(flight.channelId);
      await deps.health.markChannelBroken(flight.channelId, next.failure.reason);
    }
  } catch (cause) {
    if (next.channelBroken) deps.pace.reopen(flight.channelId);
    deps.log.failed({ err: cause, messageId: flight.messageId, what: 'refusal not recorded' });
  }
}
