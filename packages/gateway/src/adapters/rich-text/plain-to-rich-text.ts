import { plain, type RichText } from '../../core/message/rich-text.ts';
import { cleanText } from './clean-text.ts';
import { inputMax } from './input-limit.ts';

/** Plain text as it was typed, without empty lines around it and with at most one in a row. What is behind `inputMax` is not read. */
export const plainToRichText = (text: string): RichText =>
  plain(
    cleanText(text.slice(0, inputMax))
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .replace(/^\n+/, '')
      .trimEnd(),
  );

/**
 * Whether a body is HTML, by its looks: inboxes that give either do not say which. HTML as inboxes keep it is made of
 * blocks from its first character to its last; a text that merely speaks of tags, or compares numbers, is not.
 */
export function isHtml(body: string): boolean {
  return beginsWithBlock.test(body) && endsWithTag.test(body);
}

const beginsWithBlock =
  /^\s*(?:<!--|<!doctype\b|<(?:html|body|p|div|section|article|figure|h[1-6]|ul|ol|pre|blockquote|table|img|br|hr)\b[^<]*>)/i;
const endsWithTag = /(?:<\/[a-z][a-z0-9]*\s*>|<(?:img|br|hr)\b[^<]*>|-->)\s*$/i;
