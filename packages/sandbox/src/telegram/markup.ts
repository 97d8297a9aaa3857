import { badRequest } from './errors.ts';
import {
  checkInlineButtonOnServer,
  type InlineButton,
  normalizeInlineButton,
  readInlineButton,
} from './inline-button.ts';
import {
  FieldError,
  isJsonObject,
  type JsonObject,
  optionalArray,
  optionalBoolean,
  optionalString,
} from './json-field.ts';
import type { Parameters } from './parameters.ts';
import { normalizeReplyKey, type ReplyKey, readReplyKey } from './reply-key.ts';

/** `reply_markup` as Telegram stores it. */
export type ReplyMarkup = InlineKeyboard | ReplyKeyboard | KeyboardRemoval | ForceReply;

export interface InlineKeyboard {
  readonly inline_keyboard: readonly (readonly InlineButton[])[];
  readonly force_reply?: true;
}

export interface ReplyKeyboard {
  readonly keyboard: readonly (readonly ReplyKey[])[];
  readonly is_persistent?: true;
  readonly resize_keyboard?: true;
  readonly one_time_keyboard?: true;
  readonly input_field_placeholder?: string;
  readonly selective?: true;
  readonly force_reply?: true;
}

export interface KeyboardRemoval {
  readonly remove_keyboard: true;
  readonly selective?: true;
}

export interface ForceReply {
  readonly force_reply: true;
  readonly input_field_placeholder?: string;
  readonly selective?: true;
}

/** TDLib: a row has at most 12 buttons and a keyboard at most 300; more are dropped without an error. */
const buttonsPerRowMax = 12;
const buttonsMax = 300;
/** Telegram: about 10 KB of markup data. */
const markupLimitBytes = 10 * 1024;

/**
 * Reads `reply_markup`. Telegram: the first of `keyboard`, `inline_keyboard`, `remove_keyboard` and `force_reply` that
 * is not empty is used. If all are empty, the message has no markup, without an error.
 */
export function readMarkup(parameters: Parameters): ReplyMarkup | undefined {
  const value = parameters.json('reply_markup', "Can't parse reply keyboard markup JSON object");
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw badRequest('Object expected as reply markup');
  try {
    return readMarkupObject(value);
  } catch (cause) {
    if (cause instanceof FieldError) throw badRequest(cause.message);
    throw cause;
  }
}

function readMarkupObject(markup: JsonObject): ReplyMarkup | undefined {
  const keyboard = readRows(markup, 'keyboard', 'Field "keyboard"', 'keyboard button', readReplyKey);
  if (keyboard.length > 0) {
    return {
      keyboard,
      ...readFlag(markup, 'is_persistent'),
      ...readFlag(markup, 'resize_keyboard'),
      ...readFlag(markup, 'one_time_keyboard'),
      ...readPlaceholder(markup),
      ...readFlag(markup, 'selective'),
      ...readFlag(markup, 'force_reply'),
    };
  }
  const what = 'Field "inline_keyboard" of the InlineKeyboardMarkup';
  const inline = readRows(markup, 'inline_keyboard', what, 'inline keyboard button', readInlineButton);
  if (inline.length > 0) return { inline_keyboard: inline, ...readFlag(markup, 'force_reply') };
  if (optionalBoolean(markup, 'remove_keyboard')) return { remove_keyboard: true, ...readFlag(markup, 'selective') };
  if (optionalBoolean(markup, 'force_reply'))
    return { force_reply: true, ...readPlaceholder(markup), ...readFlag(markup, 'selective') };
  return undefined;
}

function readRows<Button>(
  markup: JsonObject,
  field: string,
  what: string,
  buttonName: string,
  read: (value: unknown) => Button,
): Button[][] {
  return optionalArray(markup, field).map((row) => {
    if (!Array.isArray(row)) throw new FieldError(`${what} must be an Array of Arrays`);
    return row.map((button) => {
      try {
        return read(button);
      } catch (cause) {
        if (cause instanceof FieldError) throw new FieldError(`Can't parse ${buttonName}: ${cause.message}`);
        throw cause;
      }
    });
  });
}

type Flag = 'is_persistent' | 'resize_keyboard' | 'one_time_keyboard' | 'selective' | 'force_reply';

function readFlag<Name extends Flag>(markup: JsonObject, name: Name): { readonly [Key in Name]?: true } {
  return optionalBoolean(markup, name) ? ({ [name]: true } as { readonly [Key in Name]?: true }) : {};
}

function readPlaceholder(markup: JsonObject): { readonly input_field_placeholder?: string } {
  const text = optionalString(markup, 'input_field_placeholder');
  return text === '' ? {} : { input_field_placeholder: text };
}

/**
 * The markup as TDLib and Telegram store it in a chat of this type. Throws a `BotApiError` for markup that they refuse.
 */
export function normalizeMarkup(markup: ReplyMarkup | undefined, chatType: string): ReplyMarkup | undefined {
  if (markup === undefined) return undefined;
  if (chatType === 'channel' && !('inline_keyboard' in markup)) throw badRequest('Inline keyboard expected');
  const normalized = normalizeKeyboards(markup, chatType);
  if (
    normalized !== undefined &&
    Buffer.byteLength(JSON.stringify(normalized)) > markupLimitBytes &&
    hasButtons(normalized)
  )
    throw badRequest('reply markup is too long');
  return normalized;
}

function normalizeKeyboards(markup: ReplyMarkup, chatType: string): ReplyMarkup | undefined {
  if ('inline_keyboard' in markup) {
    const rows = limitRows(markup.inline_keyboard, (button) => normalizeInlineButton(button, chatType));
    for (const row of rows) for (const button of row) checkInlineButtonOnServer(button, chatType);
    return rows.length === 0 ? undefined : { ...markup, inline_keyboard: rows };
  }
  const personal = chatType === 'private' ? withoutSelective(markup) : markup;
  if (!('keyboard' in personal)) return personal;
  const rows = limitRows(personal.keyboard, (key) => normalizeReplyKey(key, chatType));
  return rows.length === 0 ? undefined : { ...personal, keyboard: rows };
}

const hasButtons = (markup: ReplyMarkup): boolean => 'inline_keyboard' in markup || 'keyboard' in markup;

/** TDLib: `selective` is dropped in private chats. */
function withoutSelective<Markup extends Exclude<ReplyMarkup, InlineKeyboard>>(markup: Markup): Markup {
  if (markup.selective === undefined) return markup;
  const { selective: _, ...rest } = markup;
  return rest as Markup;
}

/** TDLib: buttons without a label and rows without buttons are dropped. */
function limitRows<Button extends { readonly text: string; readonly icon_custom_emoji_id?: string }>(
  rows: readonly (readonly Button[])[],
  normalize: (button: Button) => Button,
): Button[][] {
  const kept: Button[][] = [];
  let total = 0;
  for (const row of rows) {
    if (total >= buttonsMax) break;
    const buttons: Button[] = [];
    for (const button of row) {
      if (button.text === '' && button.icon_custom_emoji_id === undefined) continue;
      buttons.push(normalize(button));
      total += 1;
      if (buttons.length >= buttonsPerRowMax || total >= buttonsMax) break;
    }
    if (buttons.length > 0) kept.push(buttons);
  }
  return kept;
}

/** The markup of a `Message` object: inline keyboards only, with login links as plain links. */
export function messageMarkup(markup: ReplyMarkup | undefined): InlineKeyboard | undefined {
  if (markup === undefined || !('inline_keyboard' in markup)) return undefined;
  return {
    inline_keyboard: markup.inline_keyboard.map((row) =>
      row.map((button) => {
        if (!button.login_url) return button;
        const { login_url, ...rest } = button;
        return { ...rest, url: login_url.url };
      }),
    ),
  };
}
