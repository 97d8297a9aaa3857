/** The body of a send: an envelope with a message. */
import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { type SenderValues, senderFields } from '../inbox-kinds.ts';
import { type InteractiveType, messageSchemas, messageWithoutType, TelegramInteractiveMessage } from './message.ts';

const chatIdMessage =
  'must be a Telegram chat id: a whole number other than 0 of at most 52 bits without leading zeros, as in "123456789".';
/** Telegram: a chat id has at most 52 significant bits. */
export const chatIdMax = 2 ** 52 - 1;

export const ChatId = z
  .string()
  .regex(/^-?[1-9][0-9]{0,15}$/, { error: chatIdMessage, abort: true })
  .refine((id) => Math.abs(Number(id)) <= chatIdMax, { error: chatIdMessage })
  .meta({ description: "Telegram's chat id of the recipient.", examples: ['123456789'] });

/** A chat id as a string. A JSON integer is accepted and converted to a string. */
export const DestinationUserId = z.union(
  [
    ChatId,
    z
      .int({ error: chatIdMessage })
      .min(-chatIdMax, chatIdMessage)
      .max(chatIdMax, chatIdMessage)
      .refine((id) => id !== 0, { error: chatIdMessage })
      .transform(String),
  ],
  { error: chatIdMessage },
);

const envelope = {
  destination_user_id: DestinationUserId,
  ...senderFields,
  channel_id: idSchema('channel').optional().meta({
    description: 'With a workspace key: the channel to send from. Optional if the workspace has exactly one channel.',
  }),
} as const;

/** The body in the OpenAPI document. */
export const SendInteractive = z
  .strictObject({
    ...envelope,
    telegram_interactive_message: z
      .union([TelegramInteractiveMessage, z.string().min(1)])
      .meta({ description: 'The message as an object, or the same object as a JSON string.' }),
  })
  .meta({ id: 'SendInteractive' });

const bodyWith = <M extends z.ZodType>(message: M) =>
  z.strictObject({ ...envelope, telegram_interactive_message: message });

/** The schema of the body for each type of message. Choosing it before the parse gives exact problems. */
export const bodySchemas = {
  reply_buttons: bodyWith(messageSchemas.reply_buttons),
  reply_keyboard: bodyWith(messageSchemas.reply_keyboard),
  remove_reply_keyboard: bodyWith(messageSchemas.remove_reply_keyboard),
  highlight_reply: bodyWith(messageSchemas.highlight_reply),
} as const satisfies Record<InteractiveType, z.ZodType>;

export const bodyWithoutType = bodyWith(messageWithoutType);
export const bodyWithoutMessage = bodyWith(
  z.looseObject({}, 'must be an object with type, text and reply_markup, or the same object as a JSON string.'),
);

/** A body before validation, with its message as an object or as a string. */
export type SendInteractiveInput = z.input<typeof SendInteractive>;

/** A valid body: the message is an object, ids are strings, unknown fields are removed. */
export interface SendInteractive extends SenderValues {
  readonly destination_user_id: string;
  readonly telegram_interactive_message: TelegramInteractiveMessage;
  readonly channel_id?: string | undefined;
}
