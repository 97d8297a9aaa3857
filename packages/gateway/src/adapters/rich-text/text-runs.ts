import { cleanText } from './clean-text.ts';
import type { RichTextBuilder } from './rich-text-builder.ts';

/** Flowing text: white space as a browser shows it. True if it was nothing but hard space on a line of its own. */
export function sayFlowing(out: RichTextBuilder, run: string): boolean {
  const clean = cleanText(run).replace(/\s+/g, ' ');
  const words = clean.trim();
  if (words === '') {
    if (clean !== '') out.space();
    return run.includes('\u00a0') && out.atLineStart;
  }
  if (clean.startsWith(' ')) out.space();
  out.say(words);
  if (clean.endsWith(' ')) out.space();
  return false;
}

/** Preformatted text: its lines and their indents, without white space at their ends. */
export function sayVerbatim(out: RichTextBuilder, run: string): void {
  for (const [index, line] of cleanText(run.replace(/\t/g, '    ')).split('\n').entries()) {
    if (index > 0) out.addBreak();
    const words = line.trim();
    const indent = line.length - line.trimStart().length;
    if (indent > 0 && out.length > 0) out.lead(' '.repeat(indent));
    out.say(words);
    if (words !== '' && line.endsWith(' ')) out.lead(' ');
  }
}
