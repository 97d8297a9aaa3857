import type { Failure } from './failure.ts';

/** Words of Telegram that an agent should not have to interpret, and what they mean. */
const known: readonly (readonly [RegExp, string])[] = [
  [/blocked by the user/i, 'the customer has blocked the bot; it can be sent again when they unblock it'],
  [/user is deactivated/i, 'the customer’s Telegram account no longer exists'],
  [
    /chat not found|private chat not found|initiate conversation/i,
    'Telegram does not know this customer; they must start the bot first',
  ],
  [/kicked|not a member|chat was deleted/i, 'the bot is no longer in this group'],
  [/too large|too big/i, 'the file is too large for Telegram'],
];

/** Why a reply did not reach the customer, in plain words for the agent. */
export function sayFailure(
  failure: Pick<Failure, 'reason'> & { name: string; providerCode?: number | undefined },
): string {
  // Telegram was not asked: the words are ours.
  if (failure.name === 'TELEGRAM_REJECTED' && failure.providerCode === undefined) return failure.reason;
  const meaning = known.find(([words]) => words.test(failure.reason));
  if (meaning) return meaning[1];
  switch (failure.name) {
    case 'UNAVAILABLE':
      return 'Telegram could not be reached; please send it again';
    case 'OUTCOME_UNKNOWN':
      return 'Telegram did not answer; look for a sign that it arrived, or ask the customer, before you send it again';
    case 'RATE_LIMITED':
      return 'Telegram limits this chat at the moment; please send it again later';
    default:
      return `Telegram refused it (${failure.reason})`;
  }
}
