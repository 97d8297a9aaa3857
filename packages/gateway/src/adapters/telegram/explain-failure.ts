import type { FailureReason } from '@chatferry/contract';
import type { ExplainedFailure } from '../../ports/channel-kind.ts';
import { readRefusal } from './refusal.ts';

/** What a refusal means to an agent. Where there is no sentence, Telegram's words are shown. */
const meanings: Readonly<Partial<Record<FailureReason, string>>> = {
  blocked: 'the customer has blocked the bot; it can be sent again when they unblock it',
  deactivated: 'the customer’s Telegram account no longer exists',
  chat_gone: 'the bot is no longer in this group',
  not_started: 'Telegram does not know this customer; they must start the bot first',
};

const fileTooLarge = /too large|too big/i;

/** Why a message did not reach the customer, in plain words for the agent. */
export function explainFailure({ name, reason, why, providerCode }: ExplainedFailure): string {
  // Telegram was not asked: the reason is the gateway's own sentence.
  if (name === 'TELEGRAM_REJECTED' && providerCode === undefined) return reason;
  const known = meanings[why ?? readRefusal(reason)];
  if (known !== undefined) return known;
  if (fileTooLarge.test(reason)) return 'the file is too large for Telegram';
  switch (name) {
    case 'UNAVAILABLE':
      return 'Telegram could not be reached; please send it again';
    case 'OUTCOME_UNKNOWN':
      return 'Telegram did not answer; look for a sign that it arrived, or ask the customer, before you send it again';
    case 'RATE_LIMITED':
      return 'Telegram limits this chat at the moment; please send it again later';
    default:
      return `Telegram refused it (${reason})`;
  }
}
