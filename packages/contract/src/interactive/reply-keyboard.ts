import { z } from 'zod';
import {
  AsksForReply,
  ButtonStyle,
  CustomEmojiId,
  fitsMarkup,
  gridOf,
  Label,
  markupSize,
  Placeholder,
  WebApp,
  whenObject,
} from './fields.ts';

/** Telegram: the maximum number of keys in a row, and in total. */
export const keyboardRowMax = 12;
export const keyboardTotalMax = 300;

/** What a key can ask for instead of sending its label. A key has at most one of these actions. */
export const keyActions = [
  'request_contact',
  'request_location',
  'request_users',
  'request_chat',
  'request_poll',
  'request_managed_bot',
  'web_app',
] as const;

const RequestId = z
  .int()
  .min(-2_147_483_648)
  .max(2_147_483_647)
  .meta({ description: 'A 32-bit number that you choose. The answer contains it.' });

const RequestUsers = z.strictObject({
  request_id: RequestId,
  user_is_bot: z.boolean().optional(),
  user_is_premium: z.boolean().optional(),
  max_quantity: z.int().min(1).max(10).optional(),
  request_name: z.boolean().optional(),
  request_username: z.boolean().optional(),
  request_photo: z.boolean().optional(),
});

const AdministratorRights = z
  .strictObject({
    is_anonymous: z.boolean().optional(),
    can_manage_chat: z.boolean().optional(),
    can_delete_messages: z.boolean().optional(),
    can_manage_video_chats: z.boolean().optional(),
    can_restrict_members: z.boolean().optional(),
    can_promote_members: z.boolean().optional(),
    can_change_info: z.boolean().optional(),
    can_invite_users: z.boolean().optional(),
    can_post_messages: z.boolean().optional(),
    can_edit_messages: z.boolean().optional(),
    can_pin_messages: z.boolean().optional(),
    can_manage_topics: z.boolean().optional(),
    can_manage_direct_messages: z.boolean().optional(),
    can_manage_tags: z.boolean().optional(),
    can_send_welcome_messages: z.boolean().optional(),
    can_post_stories: z.boolean().optional(),
    can_edit_stories: z.boolean().optional(),
    can_delete_stories: z.boolean().optional(),
  })
  .meta({ id: 'ChatAdministratorRights' });

const RequestChat = z.strictObject({
  request_id: RequestId,
  chat_is_channel: z.boolean(),
  chat_is_forum: z.boolean().optional(),
  chat_has_username: z.boolean().optional(),
  chat_is_created: z.boolean().optional(),
  user_administrator_rights: AdministratorRights.optional(),
  bot_administrator_rights: AdministratorRights.optional(),
  bot_is_member: z.boolean().optional(),
  request_title: z.boolean().optional(),
  request_username: z.boolean().optional(),
  request_photo: z.boolean().optional(),
});

/** Telegram names no limits: https://core.telegram.org/bots/api#keyboardbuttonrequestmanagedbot. */
const RequestManagedBot = z
  .strictObject({
    request_id: RequestId,
    suggested_name: z.string().optional(),
    suggested_username: z.string().optional(),
  })
  .meta({
    description:
      'Asks the customer to create a bot that this bot manages. Only in private chats, and only for bots that may manage others.',
  });

type Actions = { readonly [A in (typeof keyActions)[number]]?: unknown };

const hasAtMostOneAction = (key: Actions): boolean => {
  let count = 0;
  for (const action of keyActions) if (key[action] !== undefined && key[action] !== false) count += 1;
  return count <= 1;
};

const withoutFalseActions = <
  K extends { request_contact?: boolean | undefined; request_location?: boolean | undefined },
>(
  key: K,
): K => {
  if (key.request_contact !== false && key.request_location !== false) return key;
  const plain = { ...key };
  if (plain.request_contact === false) delete plain.request_contact;
  if (plain.request_location === false) delete plain.request_location;
  return plain;
};

const KeyObject = z
  .strictObject({
    text: Label,
    request_contact: z
      .boolean()
      .optional()
      .meta({ description: "Shares the customer's phone number. Only in private chats. False: a plain key." }),
    request_location: z
      .boolean()
      .optional()
      .meta({ description: "Shares the customer's location. Only in private chats. False: a plain key." }),
    request_users: RequestUsers.optional(),
    request_chat: RequestChat.optional(),
    request_poll: z.strictObject({ type: z.enum(['quiz', 'regular']).optional() }).optional(),
    request_managed_bot: RequestManagedBot.optional(),
    web_app: WebApp.optional(),
    style: ButtonStyle.optional(),
    icon_custom_emoji_id: CustomEmojiId.optional(),
  })
  .refine(hasAtMostOneAction, {
    when: whenObject,
    error: `must have at most one action: one of ${keyActions.join(', ')}.`,
  })
  .overwrite(withoutFalseActions)
  .meta({ id: 'ReplyKey', description: 'A key that sends its label, or performs at most one action.' });

// A bare string is the label of a plain key. The parsed value is always an object.
export const ReplyKey = z
  .union([KeyObject, Label.transform((text): z.output<typeof KeyObject> => ({ text }))], {
    error: 'must be an object with text, or a string.',
  })
  .meta({ description: 'A key as an object, or a bare string: the label of a plain key.' });

export const ReplyKeyboardMarkup = z
  .strictObject({
    keyboard: gridOf(ReplyKey, { noun: 'key', rowMax: keyboardRowMax, totalMax: keyboardTotalMax }),
    resize_keyboard: z.boolean().optional(),
    one_time_keyboard: z.boolean().optional(),
    is_persistent: z.boolean().optional(),
    input_field_placeholder: Placeholder.optional(),
    selective: z.boolean().optional(),
    force_reply: AsksForReply.optional(),
  })
  .refine(fitsMarkup, markupSize)
  .meta({ id: 'ReplyKeyboardMarkup' });
