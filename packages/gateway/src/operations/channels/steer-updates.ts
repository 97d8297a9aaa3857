import type { CallOutcome, Channel } from '../../ports/channel.ts';
import type { Secret } from '../../ports/secret.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import { ApiError, invalidValue } from '../api-error.ts';

/** The address to which Telegram delivers a channel's updates. The path is random and contains no token. */
export const hookUrl = (publicUrl: string, hookPath: string): string => `${publicUrl}/hooks/telegram/${hookPath}`;

/** Registers the gateway's webhook with Telegram, or removes it for a channel that polls. Throws where Telegram refuses. */
export async function steerUpdates(
  publicUrl: string | null,
  channel: Channel,
  ask: { readonly updates: ChannelRecord['updates']; readonly hookPath: string; readonly secret: Secret },
): Promise<void> {
  if (ask.updates === 'polling') {
    unwrapCall(await channel.removeWebhook());
    return;
  }
  unwrapCall(await channel.registerWebhook(hookUrl(assertReachable(publicUrl, ask.updates), ask.hookPath), ask.secret));
}

/** Throws TYPE_MISMATCH for a webhook without a public address. */
export function assertReachable(publicUrl: string | null, updates: ChannelRecord['updates']): string {
  if (publicUrl !== null || updates === 'polling') return publicUrl ?? '';
  throw invalidValue(
    '/updates',
    'updates can be "webhook" only when the gateway knows its public address: set CHATFERRY_PUBLIC_URL, or use "polling".',
  );
}

/** The value of a successful answer. Throws TELEGRAM_REJECTED or UNAVAILABLE for another one. */
export function unwrapCall<T>(outcome: CallOutcome<T>): T {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'refused':
      throw new ApiError('TELEGRAM_REJECTED', {
        message: outcome.broken
          ? 'Telegram does not accept this bot token. Copy it again from BotFather (/mybots, your bot, API Token).'
          : `Telegram refused: ${outcome.detail}`,
        details: [{ pointer: outcome.broken ? '/bot_token' : '', message: outcome.detail }],
        telegram: { error_code: outcome.providerCode, description: outcome.detail },
      });
    case 'unavailable':
      throw new ApiError('UNAVAILABLE', {
        message: `Telegram could not be reached (${outcome.detail}); nothing was changed. Try again.`,
        retryAfterMs: outcome.retryAfterMs ?? 5_000,
      });
  }
}
