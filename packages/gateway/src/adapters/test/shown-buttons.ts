import type { Transcript } from '@chatferry/sandbox/telegram';
import type { ShownButton } from '../../ports/test-phones.ts';

type Message = Transcript['messages'][number];

/** The buttons under the messages of a chat and the keys of its keyboard, those of the newest message first. */
export function shownButtons({ messages, reply_keyboard: keyboard }: Transcript): readonly ShownButton[] {
  return messages.toReversed().flatMap((message) => {
    const { message_id: id, sender } = message;
    if (sender !== 'bot') return [];
    if (keyboard?.message_id === id)
      return placed(
        id,
        keyboard.keyboard.map((row) => row.map(({ text }) => ({ text, data: text }))),
      );
    return placed(id, inlineRows(message));
  });
}

interface Cell {
  readonly text: string;
  readonly data: string | null;
}

const inlineRows = ({ reply_markup: markup }: Message): readonly (readonly Cell[])[] =>
  markup === undefined || !('inline_keyboard' in markup)
    ? []
    : markup.inline_keyboard.map((row) =>
        row.map((button) => ({ text: button.text, data: button.callback_data ?? null })),
      );

const placed = (messageId: number, rows: readonly (readonly Cell[])[]): readonly ShownButton[] =>
  rows.flatMap((cells, row) =>
    cells.map(({ text, data }, column) => ({
      channelMessageId: String(messageId),
      row,
      column,
      label: text,
      data,
    })),
  );
