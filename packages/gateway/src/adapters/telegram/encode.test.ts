import type { TelegramInteractiveMessage } from '@chatferry/contract';
import { describe, expect, it } from 'vitest';
import { encode, readdress } from './encode.ts';

const buttons = (...row: Record<string, unknown>[]): TelegramInteractiveMessage =>
  ({ type: 'reply_buttons', text: 'Choose', reply_markup: { inline_keyboard: [row] } }) as TelegramInteractiveMessage;

const keys = (...row: Record<string, unknown>[]): TelegramInteractiveMessage =>
  ({ type: 'reply_keyboard', text: 'Choose', reply_markup: { keyboard: [row] } }) as TelegramInteractiveMessage;

describe('a message for Telegram', () => {
  it('is the parameters of sendMessage, its text untouched and without a parse mode', () => {
    const message = buttons({ text: 'Track', url: 'https://example.com/t' });
    expect(encode('1234567890', { ...message, text: ' <b>Hi</b> *you* \n' }).wire).toEqual({
      chat_id: 1234567890,
      text: ' <b>Hi</b> *you* \n',
      reply_markup: { inline_keyboard: [[{ text: 'Track', url: 'https://example.com/t' }]] },
    });
  });

  it.each([
    ['1234567890', 1234567890],
    ['-1001234567890', -1001234567890],
    ['9007199254740993', '9007199254740993'],
    ['@name', '@name'],
    ['', ''],
  ])('addresses %s as %j', (chatId, onWire) => {
    expect(encode(chatId, keys({ text: 'Yes' })).wire['chat_id']).toBe(onWire);
  });

  it('leaves out absent values at any depth, and keeps false and empty ones', () => {
    const message = {
      type: 'reply_keyboard',
      text: 'Choose',
      reply_markup: {
        keyboard: [[{ text: 'A', style: undefined, request_poll: {} }]],
        resize_keyboard: undefined,
        one_time_keyboard: false,
        is_persistent: null,
        selective: true,
      },
    } as unknown as TelegramInteractiveMessage;
    expect(JSON.stringify(encode('1', message).wire['reply_markup'])).toBe(
      '{"keyboard":[[{"text":"A","request_poll":{}}]],"one_time_keyboard":false,"selective":true}',
    );
  });

  it('can be sent to another chat, the rest unchanged', () => {
    const { wire } = encode('-5', keys({ text: 'Yes' }));
    expect(readdress(wire, '-1001')).toEqual({ ...wire, chat_id: -1001 });
    expect(wire['chat_id']).toBe(-5);
  });
});

describe('the content of a message', () => {
  it.each([
    [{ url: 'example.com' }, { kind: 'link', url: 'example.com' }],
    [{ switch_inline_query_current_chat: 'help 1' }, { kind: 'suggest', query: 'help 1' }],
    [{ switch_inline_query_current_chat: '' }, { kind: 'suggest', query: '' }],
    [{ callback_data: 'yes' }, { kind: 'callback', data: 'yes' }],
    [{ copy_text: { text: 'CODE' } }, { kind: 'copy', text: 'CODE' }],
    [{ web_app: { url: 'https://a.example' } }, { kind: 'link', url: 'https://a.example' }],
    [{ login_url: { url: 'https://b.example' } }, { kind: 'link', url: 'https://b.example' }],
    [{ switch_inline_query: 'q' }, { kind: 'suggest-elsewhere', query: 'q' }],
    [{ disabled: {} }, { kind: 'nothing' }],
    [{ switch_inline_query_chosen_chat: { allow_user_chats: true } }, { kind: 'suggest-elsewhere', query: '' }],
  ])('names the button action %j', (fields, action) => {
    expect(encode('1', buttons({ text: 'Go', ...fields })).content.controls).toEqual({
      kind: 'buttons',
      rows: [[{ label: 'Go', action }]],
    });
  });

  it.each([
    [{}, { kind: 'say' }],
    [{ request_contact: true }, { kind: 'share-contact' }],
    [{ request_location: true }, { kind: 'share-location' }],
    [{ request_users: { request_id: 1 } }, { kind: 'share-users' }],
    [{ request_chat: { request_id: 1, chat_is_channel: false } }, { kind: 'share-chat' }],
    [{ request_poll: {} }, { kind: 'create-poll' }],
    [{ request_managed_bot: { request_id: 1 } }, { kind: 'create-bot' }],
    [{ web_app: { url: 'https://a.example' } }, { kind: 'link', url: 'https://a.example' }],
  ])('names the key action %j', (fields, action) => {
    expect(encode('1', keys({ text: 'Go', ...fields })).content.controls).toEqual({
      kind: 'keyboard',
      rows: [[{ label: 'Go', action }]],
      placeholder: undefined,
    });
  });

  it('says that a message with buttons or keys also asks for a reply, and passes it on', () => {
    const asking: readonly TelegramInteractiveMessage[] = [
      {
        type: 'reply_buttons',
        text: 'Hi',
        reply_markup: { inline_keyboard: [[{ text: 'A', disabled: {} }]], force_reply: true },
      },
      { type: 'reply_keyboard', text: 'Hi', reply_markup: { keyboard: [[{ text: 'A' }]], force_reply: true } },
    ];
    for (const message of asking) {
      const { wire, content } = encode('1', message);
      expect(wire['reply_markup']).toEqual(message.reply_markup);
      expect(content.controls).toMatchObject({ asksForReply: true });
    }
  });

  it('names a removed keyboard and a requested reply', () => {
    const removed: TelegramInteractiveMessage = {
      type: 'remove_reply_keyboard',
      text: 'Thanks',
      reply_markup: { remove_keyboard: true, selective: true },
    };
    expect(encode('1', removed).wire['reply_markup']).toEqual({ remove_keyboard: true, selective: true });
    expect(encode('1', removed).content).toEqual({ text: 'Thanks', controls: { kind: 'keyboard-removed' } });
    const asked: TelegramInteractiveMessage = {
      type: 'highlight_reply',
      text: 'Why?',
      reply_markup: { force_reply: true, input_field_placeholder: 'Because' },
    };
    expect(encode('1', asked).content.controls).toEqual({ kind: 'reply-requested', placeholder: 'Because' });
  });

  it('refuses a button that can do nothing, which the contract must not let through', () => {
    expect(() => encode('1', buttons({ text: 'Go' }))).toThrow(/contract/);
  });
});
