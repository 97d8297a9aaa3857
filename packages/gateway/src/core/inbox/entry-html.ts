import { type FormattedRun, runsOf } from '../message/formatting.ts';
import type { SpanStyle } from '../message/rich-text.ts';
import type { EntryBlock, EntryBody } from './entry.ts';

/** The body in the HTML that both inboxes preserve (`<p> <br> <b> <i> <code> <a>`), with all text escaped. */
export const htmlOf = (body: EntryBody): string => body.blocks.map((block) => `<p>${blockHtml(block)}</p>`).join('');

function blockHtml(block: EntryBlock): string {
  switch (block.kind) {
    case 'text':
      return runsOf(block).map(runHtml).join('');
    case 'quote':
      return `<i>${block.text
        .split('\n')
        .map((line) => escapeHtml(`> ${line}`))
        .join('<br>')}</i>`;
    case 'mark':
      return `<i>(${linesHtml(block.text)})</i>`;
    case 'link':
      return `<a href="${escapeHtml(block.url)}">${escapeHtml(block.label)}</a>`;
    case 'controls':
      return block.lines.map(linesHtml).join('<br>');
  }
}

/** The inboxes cannot show the other styles. */
const tags: Readonly<Partial<Record<SpanStyle, string>>> = {
  bold: 'b',
  italic: 'i',
  code: 'code',
  preformatted: 'code',
};

function runHtml({ text, styles, url }: FormattedRun): string {
  const names = [...new Set(styles.flatMap((style) => tags[style] ?? []))];
  const styled = names.reduce((inside, tag) => `<${tag}>${inside}</${tag}>`, linesHtml(text));
  return url === null ? styled : `<a href="${escapeHtml(url)}">${styled}</a>`;
}

const linesHtml = (text: string): string => text.split('\n').map(escapeHtml).join('<br>');

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
