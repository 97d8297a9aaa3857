import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buttonsAfterTap } from './buttons-after-tap.ts';

const tapOn = (message: object, data: unknown = 'y') =>
  Buffer.from(JSON.stringify({ update_id: 1, callback_query: { id: '5', from: { id: 7 }, data, message } }));

const url = { text: 'Open', url: 'https://acme.test' };
const yes = { text: 'Yes', callback_data: 'y', style: 'success' };
const no = { text: 'No', callback_data: 'n' };
const message = (...rows: readonly (readonly object[])[]) => ({
  message_id: 3,
  date: 100,
  chat: { id: 7 },
  reply_markup: { inline_keyboard: rows },
});
const rowsAfter = (raw: Buffer) => {
  const markup = buttonsAfterTap(raw, 'mark')?.['reply_markup'] as { inline_keyboard: unknown } | undefined;
  return markup?.inline_keyboard;
};

describe('the buttons after a tap', () => {
  it('have a mark on the tapped one, and are otherwise unchanged', () => {
    expect(buttonsAfterTap(tapOn(message([yes, no], [url])), 'mark')).toEqual({
      chat_id: 7,
      message_id: 3,
      reply_markup: { inline_keyboard: [[{ ...yes, text: '✓ Yes' }, no], [url]] },
    });
  });

  it('move the mark to the one that was tapped last', () => {
    const marked = { ...no, text: '✓ No' };
    expect(rowsAfter(tapOn(message([yes, marked])))).toEqual([[{ ...yes, text: '✓ Yes' }, no]]);
  });

  it.each([
    ['the button has the mark already', tapOn(message([{ ...yes, text: '✓ Yes' }, no]))],
    ['no button has the data', tapOn(message([no]))],
    ['the message is too old to be shown', tapOn({ message_id: 3, date: 0, chat: { id: 7 } })],
    ['there is no message', Buffer.from('{"callback_query":{"id":"5","data":"y","inline_message_id":"x"}}')],
    ['it is a game', tapOn(message([yes]), null)],
    ['it is no tap', Buffer.from('{"message":{}}')],
    ['it is nothing', Buffer.from('{')],
  ])('are not marked where %s', (_what, raw) => {
    expect(buttonsAfterTap(raw, 'mark')).toBeNull();
  });

  it('are removed, also from a message that is too old to be shown', () => {
    const bare = { message_id: 3, date: 100, chat: { id: 7 } };
    expect(buttonsAfterTap(tapOn(message([yes])), 'remove')).toEqual({ chat_id: 7, message_id: 3 });
    expect(buttonsAfterTap(tapOn({ ...bare, date: 0 }), 'remove')).toEqual({ chat_id: 7, message_id: 3 });
    expect(buttonsAfterTap(tapOn(bare), 'remove')).toBeNull();
  });

  it('are read without an exception from any bytes', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('mark', 'remove'), (json, change) => {
        buttonsAfterTap(Buffer.from(`{"callback_query":{"data":"y","message":${json}}}`), change);
        buttonsAfterTap(tapOn({ ...message(), reply_markup: { inline_keyboard: JSON.parse(json) } }), change);
      }),
    );
  });
});
