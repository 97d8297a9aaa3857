import { asList } from './untrusted.ts';

/** Deeper than anything that a person writes. */
const depthMax = 32;

/** The fields of Telegram's rich blocks that hold words, in the order in which they are read. */
const wordFields = ['text', 'alternative_text', 'expression', 'title', 'caption'] as const;
const blockFields = ['blocks', 'items', 'cells', 'rows'] as const;

/** The words of a rich message, a block a line. Its kinds of block are many and grow: what they have in common is read. */
export function richMessageText(richMessage: unknown): string {
  return linesIn(richMessage, 0)
    .filter((line) => line.trim() !== '')
    .join('\n')
    .trim();
}

function linesIn(value: unknown, depth: number): readonly string[] {
  if (depth > depthMax || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((member) => linesIn(member, depth + 1));
  const words = wordFields.map((field) => wordsIn(Reflect.get(value, field), depth + 1)).filter((part) => part !== '');
  const blocks = blockFields.flatMap((field) => linesIn(Reflect.get(value, field), depth + 1));
  return [...(words.length === 0 ? [] : [words.join(' ')]), ...blocks];
}

/** Telegram: a rich text is a string, a list of rich texts, or an object with one. */
function wordsIn(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (depth > depthMax || typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) {
    return asList(value)
      .map((member) => wordsIn(member, depth + 1))
      .join('');
  }
  return wordFields.map((field) => wordsIn(Reflect.get(value, field), depth + 1)).join('');
}
