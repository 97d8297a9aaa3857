import type { ExplainedFailure } from '../../ports/channel-kind.ts';

/** Telegram's words that an agent should not have to interpret, and what they mean. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [
    /blocked by the user|USER_IS_BLOCKED/i,
    'the customer has blocked the bot; it can be sent again when they unblock it',
  ],
  [/user is deactivated|USER_DEACTIVATED|USER_DELETED/i, 'the customer’s Telegram account no longer exists'],
  [
    /chat not found|initiate conversation|\b(?:PEER_ID|CHAT_ID|CHANNEL)_INVALID\b/i,
    'Telegram does not know this customer; they must start the bot first',
  ],
  [/kicked|not a member|chat was deleted|CHANNEL_PRIVATE/i, 'the bot is no longer in this group'],
  [/too large|too big/i, 'the file is too large for Telegram'],
];

/** Why a message did not reach the customer, in plain words for the agent. */
export function explainFailure({ name, reason, providerCode }: ExplainedFailure): string {
  // Telegram was not asked: the reason is the gateway's own sentence.
  if (name === 'TELEGRAM_REJECTED' && providerCode === undefined) return reason;
  const known = meanings.find(([words]) => words.test(reason));
  if (known) return known[1];
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
