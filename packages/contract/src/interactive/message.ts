/** `telegram_interactive_message`: the four types. One set of schemas serves parsing, types and the OpenAPI document. */
import { z } from 'zod';
import { provided } from '../json/problems.ts';
import { fitsMarkup, markupSize, Placeholder } from './fields.ts';
import { InlineKeyboardMarkup } from './reply-buttons.ts';
import { ReplyKeyboardMarkup } from './reply-keyboard.ts';
import { hasAtMost, messageTextMax, saysSomething } from './text.ts';

export const interactiveTypes = [
  'reply_buttons',
  'reply_keyboard',
  'remove_reply_keyboard',
  'highlight_reply',
] as const;
export type InteractiveType = (typeof interactiveTypes)[number];

export const MessageText = z
  .string()
  .refine(saysSomething, {
    params: { code: 2 },
    error: 'must not be empty: supply a text with at least one visible character.',
  })
  .refine((text) => hasAtMost(text, messageTextMax) || hasAtMost(text.trim(), messageTextMax), {
    error: `must have at most ${messageTextMax} characters (Unicode code points, without white space at both ends).`,
  })
  .meta({
    minLength: 1,
    description: `Shown as it is, without formatting: 1 to ${messageTextMax} Unicode code points after trimming.`,
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

/** The schema of each type, for a reader that knows the type already. */
export const messageOfType = {
  reply_buttons: z
    .strictObject({ type: z.literal('reply_buttons'), text: MessageText, reply_markup: InlineKeyboardMarkup })
    .meta({ id: 'ReplyButtonsMessage', description: 'Buttons beneath the message.' }),
  reply_keyboard: z
    .strictObject({ type: z.literal('reply_keyboard'), text: MessageText, reply_markup: ReplyKeyboardMarkup })
    .meta({ id: 'ReplyKeyboardMessage', description: "A keyboard in place of the customer's own." }),
  remove_reply_keyboard: z
    .strictObject({ type: z.literal('remove_reply_keyboard'), text: MessageText, reply_markup: RemoveMarkup })
    .meta({ id: 'RemoveReplyKeyboardMessage', description: 'Takes the custom keyboard away.' }),
  highlight_reply: z
    .strictObject({ type: z.literal('highlight_reply'), text: MessageText, reply_markup: ForceReplyMarkup })
    .meta({ id: 'HighlightReplyMessage', description: 'Opens a reply to this message in the customer’s app.' }),
} as const satisfies Record<InteractiveType, z.ZodObject>;

export const TelegramInteractiveMessage = z
  .discriminatedUnion('type', [
    messageOfType.reply_buttons,
    messageOfType.reply_keyboard,
    messageOfType.remove_reply_keyboard,
    messageOfType.highlight_reply,
  ])
  .meta({ id: 'TelegramInteractiveMessage' });

/** A message after validation: keys are objects, ids are strings, unknown fields are gone. */
export type TelegramInteractiveMessage = z.output<typeof TelegramInteractiveMessage>;

/** What is read of a message whose type is missing or unknown: the problems of its other fields are still named. */
export const messageOfNoType = z.strictObject({
  type: z.enum(interactiveTypes, {
    error: ({ input }) =>
      `You must supply Telegram Interactive Type as one of the valid types ${interactiveTypes.join(', ')}. Provided type: ${provided(input)}.`,
  }),
  text: MessageText,
  reply_markup: z.looseObject({}).refine(fitsMarkup, markupSize),
});
