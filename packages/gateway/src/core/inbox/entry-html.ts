import { type FormattedRun, runsOf } from '../message/formatting.ts';
import { withoutMarkSign } from '../message/mark-text.ts';
import type { SpanStyle } from '../message/rich-text.ts';
import { type EntryBlock, type EntryBody, markLine, quoteLines } from './entry.ts';

/** The body in the HTML that both inboxes preserve (`<p> <br> <b> <i> <code> <a>`), with all text escaped. */
export const htmlOf = (body: EntryBody): string => body.blocks.map((block) => `<p>${blockHtml(block)}</p>`).join('');

function blockHtml(block: EntryBlock): string {
  switch (block.kind) {
    case 'text':
      return runsOf(block).map(runHtml).join('');
    case 'quote':
      return `<i>${quoteLines(block.text).map(escapeHtml).join('<br>')}</i>`;
    case 'mark':
      return `<i>${linesHtml(markLine(block.text))}</i>`;
    case 'link':
      return linkHtml(block.url, escapeHtml(withoutMarkSign(block.label)));
    case 'controls':
      return block.lines.map(withoutMarkSign).map(linesHtml).join('<br>');
  }
}

/** The inboxes do not preserve other tags. The styles without one are written with signs. */
const tags: Readonly<Partial<Record<SpanStyle, string>>> = {
  bold: 'b',
  italic: 'i',
  underline: 'i',
  code: 'code',
  preformatted: 'code',
};

function runHtml({ text, styles, url }: FormattedRun): string {
  const names = [...new Set(styles.flatMap((style) => tags[style] ?? []))];
  const styled = names.reduce((inside, tag) => `<${tag}>${inside}</${tag}>`, linesHtml(withoutMarkSign(text)));
  return url === null ? styled : linkHtml(url, styled);
}

const linkHtml = (url: string, html: string): string => `<a href="${escapeHtml(withoutMarkSign(url))}">${html}</a>`;

const linesHtml = (text: string): string => text.split('\n').map(escapeHtml).join('<br>');

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
