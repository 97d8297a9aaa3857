import type { FailureReason } from '@chatferry/contract';

/**
 * Telegram's own words, which have been stable for years; its codes do not tell these cases apart. What its data center says in
 * capitals reaches bots where TDLib has no sentence for it (TDLib MessagesManager.cpp, process_send_message_fail_error).
 * The order matters: the first words that are found decide.
 */
const words: readonly (readonly [RegExp, FailureReason])[] = [
  [/blocked by the user|\bUSER_IS_BLOCKED\b/i, 'blocked'],
  [/user is deactivated|\b(?:INPUT_USER_DEACTIVATED|USER_DEACTIVATED|USER_DELETED)\b/i, 'deactivated'],
  [/was kicked from|is not a member of|chat was deleted|\bCHANNEL_PRIVATE\b/i, 'chat_gone'],
  // "Can't initiate conversation" is what it says of a person who never started the bot, and PEER_ID_INVALID of a group
  // that the bot never saw.
  [
    /chat not found|can't initiate conversation|chat_id is empty|\b(?:PEER_ID|CHAT_ID|CHANNEL)_INVALID\b/i,
    'not_started',
  ],
  // TDLib DialogManager.cpp and MessagesManager.cpp: "not enough rights to send …", "have no rights to send a message",
  // "need administrator rights in the channel chat"; the capitals come from the data center.
  [
    /not enough rights|have no (?:rights|write access)|need administrator rights|user restricted receiving|\b(?:CHAT|USER)_(?:WRITE|SEND_[A-Z]{1,20}|GUEST_SEND)_FORBIDDEN\b|\b(?:CHAT_ADMIN_REQUIRED|CHAT_RESTRICTED|VOICE_MESSAGES_FORBIDDEN|PRIVACY_PREMIUM_REQUIRED|TOPIC_CLOSED)\b/i,
    'no_rights',
  ],
  [
    /entity too large|too large|too big|is too long|\b[A-Z]{1,20}(?:_[A-Z]{1,20})?_TOO_(?:LONG|BIG|LARGE)\b/i,
    'too_large',
  ],
];

/** Why Telegram refused a message, by what it answered. */
export const readRefusal = (description: string): FailureReason =>
  words.find(([known]) => known.test(description))?.[1] ?? 'refused';
