/** The four types of `telegram_interactive_message`. The same schemas are used for parsing, types and the OpenAPI document. */
import { z } from 'zod';
import { describeValue } from '../json/problems.ts';
import { fitsMarkup, markupSize, Placeholder } from './fields.ts';
import { InlineKeyboardMarkup } from './reply-buttons.ts';
import { ReplyKeyboardMarkup } from './reply-keyboard.ts';
import { hasAtMost, hasMeaning, messageTextMax } from './text.ts';

export const interactiveTypes = [
  'reply_buttons',
  'reply_keyboard',
  'remove_reply_keyboard',
  'highlight_reply',
] as const;
export type InteractiveType = (typeof interactiveTypes)[number];

export const MessageText = z
  .string()
  .refine(hasMeaning, {
    params: { code: 2 },
    error: 'must not be empty: supply a text with at least one visible character.',
  })
  .refine((text) => hasAtMost(text, messageTextMax) || hasAtMost(text.trim(), messageTextMax), {
    error: `must have at most ${messageTextMax} characters (Unicode code points, not counting white space at both ends).`,
  })
  .meta({
    minLength: 1,
    description: `Shown without formatting: 1 to ${messageTextMax} Unicode code points after trimming.`,
  });

const RemoveMarkup = z
  .strictObject({ remove_keyboard: z.literal(true), selective: z.boolean().optional() })
  .refine(fitsMarkup, markupSize)
  .meta({ id: 'ReplyKeyboardRemove' });

const ForceReplyMarkup = z
  .strictObject({
    force_reply: z.literal(true),
    input_field_placeholder: Placeholder.optional(),
    selective: z.boolean().optional(),
  })
  .refine(fitsMarkup, markupSize)
  .meta({ id: 'ForceReply' });

/** The schema of each type. */
export const messageSchemas = {
  reply_buttons: z
    .strictObject({ type: z.literal('reply_buttons'), text: MessageText, reply_markup: InlineKeyboardMarkup })
    .meta({ id: 'ReplyButtonsMessage', description: 'Buttons below the message.' }),
  reply_keyboard: z
    .strictObject({ type: z.literal('reply_keyboard'), text: MessageText, reply_markup: ReplyKeyboardMarkup })
    .meta({ id: 'ReplyKeyboardMessage', description: "A custom keyboard that replaces the customer's keyboard." }),
  remove_reply_keyboard: z
    .strictObject({ type: z.literal('remove_reply_keyboard'), text: MessageText, reply_markup: RemoveMarkup })
    .meta({ id: 'RemoveReplyKeyboardMessage', description: 'Removes the custom keyboard.' }),
  highlight_reply: z
    .strictObject({ type: z.literal('highlight_reply'), text: MessageText, reply_markup: ForceReplyMarkup })
    .meta({ id: 'HighlightReplyMessage', description: 'Starts a reply to this message in the customer’s app.' }),
} as const satisfies Record<InteractiveType, z.ZodObject>;

export const TelegramInteractiveMessage = z
  .discriminatedUnion('type', [
    messageSchemas.reply_buttons,
    messageSchemas.reply_keyboard,
    messageSchemas.remove_reply_keyboard,
    messageSchemas.highlight_reply,
  ])
  .meta({ id: 'TelegramInteractiveMessage' });

/** A valid message: keys are objects, ids are strings, unknown fields are removed. */
export type TelegramInteractiveMessage = z.output<typeof TelegramInteractiveMessage>;

/** For a message whose type is missing or unknown: the problems of its other fields are still found. */
export const messageWithoutType = z.strictObject({
  type: z.enum(interactiveTypes, {
    error: ({ input }) =>
      `You must supply Telegram Interactive Type as one of the valid types ${interactiveTypes.join(', ')}. Provided type: ${describeValue(input)}.`,
  }),
  text: MessageText,
  reply_markup: z.looseObject({}).refine(fitsMarkup, markupSize),
});
