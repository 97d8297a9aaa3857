import { z } from 'zod';

/** Why a message was not delivered, for programs. */
export const failureReasons = {
  blocked: 'The customer has blocked the bot. Nothing can reach them until they unblock it.',
  deactivated: 'The account of the customer no longer exists.',
  chat_gone: 'The chat no longer exists, or the bot was removed from it.',
  not_started: 'The customer has not started the bot, or the chat id is wrong.',
  no_rights: 'The bot may not send this in the chat.',
  too_large: 'The message or its file is larger than Telegram takes.',
  refused: 'Telegram refused the message for another reason.',
} as const;
export type FailureReason = keyof typeof failureReasons;

const reasonNames = Object.keys(failureReasons) as [FailureReason, ...FailureReason[]];

export const MessageFailure = z
  .strictObject({
    code: z.int(),
    name: z.string().meta({ description: 'The name of the error in the catalogue.' }),
    reason: z
      .enum(reasonNames)
      .nullable()
      .meta({
        description: Object.entries(failureReasons)
          .map(([name, sentence]) => `\`${name}\`: ${sentence}`)
          .join(' '),
      }),
    detail: z.string().meta({ description: 'A sentence for people: what happened and what to do.' }),
    can_retry: z.boolean().meta({ description: 'Whether sending the same message again later can help.' }),
  })
  .meta({ id: 'MessageFailure' });
