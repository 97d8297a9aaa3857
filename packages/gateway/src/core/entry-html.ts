import type { EntryBlock, EntryBody } from './entry.ts';

/** The body in the small HTML that both inboxes keep (`<p> <br> <i> <a>`), everything said escaped. */
export const htmlOf = (body: EntryBody): string => body.blocks.map((block) => `<p>${inner(block)}</p>`).join('');

function inner(block: EntryBlock): string {
  switch (block.kind) {
    case 'text':
      return lines(block.text);
    case 'quote':
      return `<i>${block.text
        .split('\n')
        .map((line) => escapeHtml(`> ${line}`))
        .join('<br>')}</i>`;
    case 'mark':
      return `<i>(${lines(block.text)})</i>`;
    case 'link':
      return `<a href="${escapeHtml(block.url)}">${escapeHtml(block.label)}</a>`;
    case 'controls':
      return block.lines.map(lines).join('<br>');
  }
}

const lines = (text: string): string => text.split('\n').map(escapeHtml).join('<br>');

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
