import { hasAtMost, hasMeaning, messageTextMax } from '../interactive/text.ts';
import type { TextFormat } from '../messages/text-format.ts';
import { formattedPartsMax, type ReadFormatted } from './formatted-text.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';

/** Telegram: the maximum length of a caption, in code points. https://core.telegram.org/bots/api#sendphoto */
export const captionMax = 1024;

const readers: Readonly<Record<TextFormat, (source: string) => ReadFormatted>> = {
  plain: (text) => ({ ok: true, text, spans: [] }),
  html: readHtml,
  markdown: readMarkdown,
};

/**
 * A text as the customer will see it: its words, and the formatting as spans, which cannot fail a send. Lists what Telegram would
 * refuse or drop, each with its place. The length counts as the customer sees it, in code points, not counting white space at both ends.
 */
export const readText = (source: string, format: TextFormat, use: 'text' | 'caption'): ReadFormatted => {
  const read = readers[format](source);
  if (!read.ok) return read;
  const { text, spans } = read;
  const max = use === 'text' ? messageTextMax : captionMax;
  const problems: string[] = [];
  if (!hasMeaning(text)) problems.push('has no visible character beside its formatting; supply one.');
  if (!hasAtMost(text, max) && !hasAtMost(text.trim(), max)) {
    const where = use === 'text' ? '' : ' with media';
    problems.push(
      `must have at most ${max} characters${where} (Unicode code points as the customer sees them, not counting white space at both ends).`,
    );
  }
  if (spans.length > formattedPartsMax)
    problems.push(
      `has ${spans.length} parts with formatting, and Telegram shows at most ${formattedPartsMax}; use fewer, or send it in two messages.`,
    );
  return problems.length > 0 ? { ok: false, problems } : read;
};
