import { z } from 'zod';
import { urlProblem } from './button-url.ts';
import {
  AsksForReply,
  ButtonStyle,
  CustomEmojiId,
  fitsMarkup,
  gridOf,
  HttpsUrl,
  Label,
  markupSize,
  WebApp,
  whenObject,
} from './fields.ts';
import { hasAtMost, utf8Length } from './text.ts';

/** Telegram: the maximum number of inline buttons in a row, and in total. */
export const inlineRowMax = 8;
export const inlineTotalMax = 100;
/** Telegram: the maximum size of `callback_data` in bytes. */
export const callbackDataBytesMax = 64;
/** Telegram: the maximum length of the text that a button copies, in characters. */
export const copyTextMax = 256;

/** The actions of a tap. A button has exactly one. */
export const inlineActions = [
  'url',
  'switch_inline_query_current_chat',
  'callback_data',
  'copy_text',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_chosen_chat',
  'disabled',
] as const;

export const ButtonUrl = z
  .string()
  .refine((url) => urlProblem(url) === undefined, { error: ({ input }) => urlProblem(String(input)) })
  .meta({
    description:
      'An http, https, tg, ton or tonsite URL; no scheme means http. The host must contain a dot. The gateway never fetches the URL.',
  });

const CallbackData = z
  .string()
  .refine((data) => data.length > 0 && utf8Length(data) <= callbackDataBytesMax, {
    error: `must have 1 to ${callbackDataBytesMax} bytes of UTF-8.`,
  })
  .meta({
    minLength: 1,
    description: `Sent to the gateway when the button is tapped: 1 to ${callbackDataBytesMax} bytes of UTF-8.`,
  });

export const CopyText = z.strictObject({
  text: z
    .string()
    .refine((text) => text.length > 0 && hasAtMost(text, copyTextMax), {
      error: `must have 1 to ${copyTextMax} characters.`,
    })
    .meta({ minLength: 1, maxLength: copyTextMax }),
});

export const LoginUrl = z.strictObject({
  url: HttpsUrl,
  forward_text: z.string().optional(),
  bot_username: z.string().optional(),
  request_write_access: z.boolean().optional(),
});

export const ChosenChat = z.strictObject({
  query: z.string().optional(),
  allow_user_chats: z.boolean().optional(),
  allow_bot_chats: z.boolean().optional(),
  allow_group_chats: z.boolean().optional(),
  allow_channel_chats: z.boolean().optional(),
});

/** Whether exactly one of the fields is set. */
export const hasOneOf = <F extends string>(fields: readonly F[], value: { readonly [P in F]?: unknown }): boolean => {
  let count = 0;
  for (const field of fields) if (value[field] !== undefined) count += 1;
  return count === 1;
};

export const InlineButton = z
  .strictObject({
    text: Label,
    url: ButtonUrl.optional(),
    switch_inline_query_current_chat: z.string().optional().meta({
      description:
        'Inserts the name of the bot and this text into the input field. What the customer then sends is the reply. May be empty.',
    }),
    callback_data: CallbackData.optional(),
    copy_text: CopyText.optional(),
    web_app: WebApp.optional(),
    login_url: LoginUrl.optional(),
    switch_inline_query: z.string().optional(),
    switch_inline_query_chosen_chat: ChosenChat.optional(),
    disabled: z
      .strictObject({})
      .optional()
      .meta({ description: 'An empty object: the button is grey and does nothing.' }),
    style: ButtonStyle.optional(),
    icon_custom_emoji_id: CustomEmojiId.optional(),
  })
  .refine((button) => hasOneOf(inlineActions, button), {
    when: whenObject,
    error: `must have exactly one action: one of ${inlineActions.join(', ')}.`,
  })
  .meta({
    id: 'InlineButton',
    description: 'A button below the message: a label and exactly one action.',
    exactlyOneOf: inlineActions,
  });

export const InlineKeyboardMarkup = z
  .strictObject({
    inline_keyboard: gridOf(InlineButton, { noun: 'button', rowMax: inlineRowMax, totalMax: inlineTotalMax }),
    force_reply: AsksForReply.optional(),
  })
  .refine(fitsMarkup, markupSize)
  .meta({ id: 'InlineKeyboardMarkup' });
