/** The body of a send: the envelope and its message. */
import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { type SenderValues, senderFields } from '../inbox-kinds.ts';
import { type InteractiveType, messageOfNoType, messageOfType, TelegramInteractiveMessage } from './message.ts';

const chatIdMessage =
  'must be a Telegram chat id: a whole number other than 0 of at most 52 bits without leading zeros, as in "123456789".';
/** Telegram: a chat id has at most 52 significant bits. */
export const chatIdMax = 2 ** 52 - 1;

const ChatId = z
  .string()
  .regex(/^-?[1-9][0-9]{0,15}$/, { error: chatIdMessage, abort: true })
  .refine((id) => Math.abs(Number(id)) <= chatIdMax, { error: chatIdMessage })
  .meta({ description: "Telegram's chat id of the recipient.", examples: ['123456789'] });

/** A chat id as text; a JSON integer is taken and written as text. */
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
    description: 'With a workspace key: the channel to send from. May be left out where the workspace has one channel.',
  }),
} as const;

/** The body as the OpenAPI document shows it. */
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

/** The body by the type of its message: the same schemas, chosen before they run. */
export const bodyOfType = {
  reply_buttons: bodyWith(messageOfType.reply_buttons),
  reply_keyboard: bodyWith(messageOfType.reply_keyboard),
  remove_reply_keyboard: bodyWith(messageOfType.remove_reply_keyboard),
  highlight_reply: bodyWith(messageOfType.highlight_reply),
} as const satisfies Record<InteractiveType, z.ZodType>;

export const bodyOfNoType = bodyWith(messageOfNoType);
export const bodyOfNoMessage = bodyWith(
  z.looseObject({}, 'must be an object with type, text and reply_markup, or the same object as a JSON string.'),
);

/** A body before validation, in its object form or its string form. */
export type SendInteractiveInput = z.input<typeof SendInteractive>;

/** A valid body: the message as an object, ids as strings, unknown fields left out. */
export interface SendInteractive extends SenderValues {
  readonly destination_user_id: string;
  readonly telegram_interactive_message: TelegramInteractiveMessage;
  readonly channel_id?: string | undefined;
}
