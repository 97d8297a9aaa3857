import { z } from 'zod';

/** Why Telegram refused a message, for programs, with the sentence for people: what it means and what can help. */
export const failureReasons = {
  blocked: 'The customer has blocked the bot. Nothing can reach them until they unblock it.',
  deactivated: 'The account of the customer no longer exists. Nothing can reach it.',
  chat_gone: 'The chat no longer exists, or the bot was removed from it. Someone must add the bot again.',
  not_started:
    'Telegram does not know this chat for this bot. Check the chat id, and ask the customer to start the bot.',
  no_rights: 'The bot may not send this in the chat. An administrator of the chat must allow it.',
  too_large: 'The message or its file is larger than Telegram takes. Make it smaller.',
  refused: 'Telegram refused the message for another reason. Read its words, and change what they name.',
} as const;
export type FailureReason = keyof typeof failureReasons;

const reasonNames = Object.keys(failureReasons) as [FailureReason, ...FailureReason[]];

export const FailureReasonName = z.enum(reasonNames).meta({
  description: Object.entries(failureReasons)
    .map(([name, sentence]) => `\`${name}\`: ${sentence}`)
    .join(' '),
});
