import type { InlineButton, ReplyKey, TelegramInteractiveMessage } from '@chatferry/contract';
import type { z } from 'zod';
import type { Control, ControlAction, Controls, OutboundContent } from '../../core/message/content.ts';
import type { Wire } from '../../ports/channel.ts';

/** The markup of a message: what is below it, or in place of the customer's keyboard. */
export type Markup = TelegramInteractiveMessage['reply_markup'];

/** The parameters of `sendMessage`. No parse mode: the text is shown as it was given. */
export function encode(
  chatId: string,
  message: TelegramInteractiveMessage,
): { readonly wire: Wire; readonly content: OutboundContent } {
  return {
    wire: {
      chat_id: chatIdOnWire(chatId),
      text: message.text,
      reply_markup: markupOnWire(message.reply_markup),
    },
    content: { text: message.text, controls: controlsOf(message.reply_markup) },
  };
}

/** The same message for another chat. */
export const readdress = (wire: Wire, chatId: string): Wire => ({ ...wire, chat_id: chatIdOnWire(chatId) });

/** Telegram: ids have at most 52 bits. What is no such number goes as it is, for Telegram to refuse. */
export function chatIdOnWire(chatId: string): number | string {
  const id = Number(chatId);
  return /^-?[0-9]+$/.test(chatId) && Number.isSafeInteger(id) ? id : chatId;
}

/** A copy without the members that are null or undefined: Telegram's parser refuses a null where it wants a list. */
function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== null && member !== undefined) copy[name] = withoutAbsent(member);
  }
  return copy;
}

export const markupOnWire = (markup: Markup): unknown => withoutAbsent(markup);

/** The same in our own terms. */
export function controlsOf(markup: Markup): Controls {
  if ('inline_keyboard' in markup) {
    const rows = markup.inline_keyboard.map((row) => row.map(buttonControl));
    return { kind: 'buttons', rows, ...asking(markup.force_reply) };
  }
  if ('keyboard' in markup) {
    const { keyboard, input_field_placeholder: placeholder, force_reply } = markup;
    return { kind: 'keyboard', rows: keyboard.map((row) => row.map(keyControl)), placeholder, ...asking(force_reply) };
  }
  if ('remove_keyboard' in markup) return { kind: 'keyboard-removed' };
  return { kind: 'reply-requested', placeholder: markup.input_field_placeholder };
}

const asking = (forceReply: boolean | undefined): { readonly asksForReply?: true } =>
  forceReply === true ? { asksForReply: true } : {};

type Button = z.output<typeof InlineButton>;
type Key = z.output<typeof ReplyKey>;

const buttonControl = (button: Button): Control => ({ label: button.text, action: buttonAction(button) });

function buttonAction(button: Button): ControlAction {
  if (button.url !== undefined) return { kind: 'link', url: button.url };
  if (button.callback_data !== undefined) return { kind: 'callback', data: button.callback_data };
  if (button.switch_inline_query_current_chat !== undefined) {
    return { kind: 'suggest', query: button.switch_inline_query_current_chat };
  }
  if (button.switch_inline_query !== undefined) {
    return { kind: 'suggest-elsewhere', query: button.switch_inline_query };
  }
  if (button.switch_inline_query_chosen_chat !== undefined) {
    return { kind: 'suggest-elsewhere', query: button.switch_inline_query_chosen_chat.query ?? '' };
  }
  if (button.copy_text !== undefined) return { kind: 'copy', text: button.copy_text.text };
  const page = button.login_url ?? button.web_app;
  if (page !== undefined) return { kind: 'link', url: page.url };
  if (button.disabled !== undefined) return { kind: 'nothing' };
  throw new Error('A button without an action got past the contract; the contract and this encoder disagree.');
}

const keyControl = (key: Key): Control => ({ label: key.text, action: keyAction(key) });

function keyAction(key: Key): ControlAction {
  if (key.request_contact === true) return { kind: 'share-contact' };
  if (key.request_location === true) return { kind: 'share-location' };
  if (key.request_users !== undefined) return { kind: 'share-users' };
  if (key.request_chat !== undefined) return { kind: 'share-chat' };
  if (key.request_poll !== undefined) return { kind: 'create-poll' };
  if (key.request_managed_bot !== undefined) return { kind: 'create-bot' };
  if (key.web_app !== undefined) return { kind: 'link', url: key.web_app.url };
  return { kind: 'say' };
}
