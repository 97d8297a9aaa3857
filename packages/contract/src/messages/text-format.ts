import { z } from 'zod';

export const textFormats = ['plain', 'html', 'markdown'] as const;

export const TextFormat = z.enum(textFormats).meta({
  description:
    "How `text` is written. `plain` (default): it is shown as it is. `html`: Telegram's tags (b, i, u, s, a, code, pre, blockquote, tg-spoiler, tg-emoji). `markdown`: bold, italic, strikethrough, links, code, quotes, lists and headings of CommonMark; HTML in it is plain text. What Telegram would not show is refused with its place.",
});
export type TextFormat = z.output<typeof TextFormat>;
