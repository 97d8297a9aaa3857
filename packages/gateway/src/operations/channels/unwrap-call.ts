import type { CallOutcome } from '../../ports/channel.ts';
import type { ChannelFacts } from '../../ports/channel-kind.ts';
import { ApiError } from '../api-error.ts';

/** The value of a successful answer. Throws TELEGRAM_REJECTED or UNAVAILABLE for another one. */
export function unwrapCall<T>({ displayName, tokenIssuer, tokenMenu }: ChannelFacts, outcome: CallOutcome<T>): T {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'refused':
      throw new ApiError('TELEGRAM_REJECTED', {
        message: outcome.broken
          ? `${displayName} does not accept this bot token. Copy it again from ${tokenIssuer} (${tokenMenu.join(', ')}).`
          : `${displayName} refused: ${outcome.detail}`,
        details: [{ pointer: outcome.broken ? '/bot_token' : '', message: outcome.detail }],
        provider: { error_code: outcome.providerCode, description: outcome.detail },
      });
    case 'unavailable':
      throw new ApiError('UNAVAILABLE', {
        message: `${displayName} could not be reached (${outcome.detail}); nothing was changed. Try again.`,
        retryAfterMs: outcome.retryAfterMs ?? 5_000,
      });
  }
}
