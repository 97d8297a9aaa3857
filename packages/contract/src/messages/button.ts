/** The buttons of a message of the API: the kinds and limits of Telegram, with data of any form. */
import { z } from 'zod';
import { ButtonStyle, CustomEmojiId, gridOf, Label, WebApp, whenObject } from '../interactive/fields.ts';
import {
  ButtonUrl,
  ChosenChat,
  CopyText,
  hasOneOf,
  inlineRowMax,
  inlineTotalMax,
  LoginUrl,
} from '../interactive/reply-buttons.ts';
import { OnTap } from './on-tap.ts';
import { fitsData, isPlainData, tapDataBytesMax } from './tap-data.ts';

/** What a tap does. A button has exactly one of these fields. */
export const buttonActions = [
  'data',
  'url',
  'copy_text',
  'web_app',
  'login_url',
  'switch_inline_query_current_chat',
  'switch_inline_query',
  'switch_inline_query_chosen_chat',
  'disabled',
] as const;
export type ButtonAction = (typeof buttonActions)[number];

const TapData = z
  .unknown()
  .refine(isPlainData, { error: 'must be a JSON value other than null.' })
  .refine(fitsData, { error: `must be at most ${tapDataBytesMax} bytes of JSON.` })
  .meta({
    description: `Any JSON value of at most ${tapDataBytesMax} bytes. The event of the tap returns it unchanged. Telegram and the inbox never show it.`,
  });

export const Button = z
  .strictObject({
    text: Label,
    data: TapData.optional(),
    url: ButtonUrl.optional(),
    copy_text: CopyText.optional(),
    web_app: WebApp.optional(),
    login_url: LoginUrl.optional(),
    switch_inline_query_current_chat: z.string().optional().meta({
      description:
        'Inserts the name of the bot and this text into the input field. What the customer then sends is the reply. May be empty.',
    }),
    switch_inline_query: z.string().optional(),
    switch_inline_query_chosen_chat: ChosenChat.optional(),
    disabled: z
      .strictObject({})
      .optional()
      .meta({ description: 'An empty object: the button is grey and does nothing.' }),
    on_tap: OnTap.optional().meta({ description: 'What a tap of this button does. It replaces that of the message.' }),
    style: ButtonStyle.optional(),
    icon_custom_emoji_id: CustomEmojiId.optional(),
  })
  .refine((button) => hasOneOf(buttonActions, button), {
    when: whenObject,
    error: `must have exactly one action: one of ${buttonActions.join(', ')}.`,
  })
  .meta({
    id: 'Button',
    description: 'A button below the message: a label and exactly one action.',
    exactlyOneOf: buttonActions,
  });
export type Button = z.output<typeof Button>;

export const Buttons = gridOf(Button, { noun: 'button', rowMax: inlineRowMax, totalMax: inlineTotalMax });
