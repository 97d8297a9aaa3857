import { badRequest } from './errors.ts';
import {
  FieldError,
  hasField,
  isJsonObject,
  type JsonObject,
  optionalBoolean,
  optionalString,
  requiredObject,
  requiredString,
} from './json-field.ts';
import { checkLink } from './url.ts';

/** A button of an inline keyboard as Telegram stores it: with the first of its actions only. */
export interface InlineButton {
  readonly text: string;
  readonly style?: string;
  readonly icon_custom_emoji_id?: string;
  readonly url?: string;
  readonly callback_data?: string;
  readonly callback_game?: Record<string, never>;
  readonly pay?: true;
  readonly switch_inline_query?: string;
  readonly switch_inline_query_chosen_chat?: JsonObject;
  readonly switch_inline_query_current_chat?: string;
  readonly login_url?: { readonly url: string };
  readonly web_app?: { readonly url: string };
  readonly copy_text?: { readonly text: string };
  readonly disabled?: Record<string, never>;
}

type Action = Omit<InlineButton, 'text' | 'style' | 'icon_custom_emoji_id'>;

/** Telegram: the known styles, in upper or lower case; `default` means no style. */
export function readStyle(object: JsonObject): Pick<InlineButton, 'style' | 'icon_custom_emoji_id'> {
  const style = optionalString(object, 'style').toLowerCase();
  if (!['', 'default', 'primary', 'success', 'danger'].includes(style))
    throw new FieldError('invalid button style specified');
  const icon = optionalString(object, 'icon_custom_emoji_id');
  return {
    ...(style === '' || style === 'default' ? {} : { style }),
    ...(icon === '' ? {} : { icon_custom_emoji_id: icon }),
  };
}

export function readInlineButton(value: unknown): InlineButton {
  if (!isJsonObject(value)) throw new FieldError('InlineKeyboardButton must be an Object');
  const text = requiredString(value, 'text');
  return { text, ...readStyle(value), ...readAction(value) };
}

/** Telegram: the first action in this order is used; the others are ignored without an error. */
function readAction(button: JsonObject): Action {
  const url = optionalString(button, 'url');
  if (url !== '') return { url };
  const data = optionalString(button, 'callback_data');
  if (data !== '') return { callback_data: data };
  if (hasField(button, 'callback_game')) return { callback_game: {} };
  if (hasField(button, 'pay')) return { pay: true };
  if (hasField(button, 'switch_inline_query'))
    return { switch_inline_query: requiredString(button, 'switch_inline_query') };
  if (hasField(button, 'switch_inline_query_chosen_chat')) {
    const chosen = requiredObject(button, 'switch_inline_query_chosen_chat');
    optionalString(chosen, 'query');
    for (const name of ['allow_user_chats', 'allow_bot_chats', 'allow_group_chats', 'allow_channel_chats'])
      optionalBoolean(chosen, name);
    return { switch_inline_query_chosen_chat: chosen };
  }
  if (hasField(button, 'switch_inline_query_current_chat'))
    return { switch_inline_query_current_chat: requiredString(button, 'switch_inline_query_current_chat') };
  if (hasField(button, 'login_url'))
    return { login_url: { url: requiredString(requiredObject(button, 'login_url'), 'url') } };
  if (hasField(button, 'web_app'))
    return { web_app: { url: requiredString(requiredObject(button, 'web_app'), 'url') } };
  if (hasField(button, 'copy_text'))
    return { copy_text: { text: requiredString(requiredObject(button, 'copy_text'), 'text') } };
  if (hasField(button, 'disabled')) return { disabled: {} };
  throw new FieldError('Text buttons are unallowed in the inline keyboard');
}

/** The checks of TDLib. Returns the button with its links as Telegram stores them. */
export function normalizeInlineButton(button: InlineButton, chatType: string): InlineButton {
  if (button.url !== undefined) {
    if (/^tg:(\/\/)?user\?id=\d+$/i.test(button.url)) return button;
    return { ...button, url: checkedLink(button.url, 'Inline keyboard button', 'any') };
  }
  if (button.login_url)
    return {
      ...button,
      login_url: { url: checkedLink(button.login_url.url, 'Inline keyboard button login', 'https') },
    };
  if (button.web_app)
    return { ...button, web_app: { url: checkedLink(button.web_app.url, 'Inline keyboard button Web App', 'https') } };
  if (chatType === 'channel') refuseInlineSwitch(button);
  return button;
}

const callbackDataLimitBytes = 64;

/** The checks of Telegram's servers, after those of TDLib. */
export function checkInlineButtonOnServer(button: InlineButton, chatType: string): void {
  if (button.callback_data !== undefined && Buffer.byteLength(button.callback_data) > callbackDataLimitBytes)
    throw badRequest('BUTTON_DATA_INVALID');
  if (button.web_app && chatType !== 'private') throw badRequest('BUTTON_TYPE_INVALID');
  const copied = button.copy_text?.text;
  if (copied !== undefined && (copied === '' || [...copied].length > 256)) throw badRequest('BUTTON_COPY_TEXT_INVALID');
}

export function checkedLink(url: string, what: string, allowed: 'any' | 'https'): string {
  const link = checkLink(url, allowed);
  if (!link.ok) throw badRequest(`${what} ${link.reason}`);
  return link.value;
}

function refuseInlineSwitch(button: InlineButton): void {
  const name =
    button.switch_inline_query_current_chat !== undefined
      ? 'switch_inline_query_current_chat'
      : button.switch_inline_query !== undefined || button.switch_inline_query_chosen_chat
        ? 'switch_inline_query'
        : undefined;
  if (name !== undefined)
    throw badRequest(
      `Can't use ${name} button in a channel chat, because users will not be able to use the button without knowing bot's username`,
    );
}
