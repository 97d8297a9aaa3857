/** Deeper than anything that a person writes. */
const depthMax = 64;

/** The fields of Telegram's rich blocks and texts that hold words, in the order in which they are read. */
const wordFields = ['summary', 'text', 'alternative_text', 'expression', 'title', 'caption'] as const;
const innerFields = ['blocks', 'items', 'cells', 'rows'] as const;

/**
 * The words in a part of a rich message, of whatever kind it is: what the kinds have in common is read, each block or
 * text a member. Its signs (bullets, numbers) are no words.
 */
export function looseWords(value: unknown): readonly string[] {
  return linesIn(value, 0).filter((line) => line.trim() !== '');
}

function linesIn(value: unknown, depth: number): readonly string[] {
  if (depth > depthMax || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((member) => linesIn(member, depth + 1));
  const words = wordFields.map((field) => wordsIn(Reflect.get(value, field), depth + 1)).filter((part) => part !== '');
  const inner = innerFields.flatMap((field) => linesIn(Reflect.get(value, field), depth + 1));
  const credit = wordsIn(Reflect.get(value, 'credit'), depth + 1);
  return [...words, ...inner, ...(credit === '' ? [] : [credit])];
}

/** Telegram: a rich text is a string, a list of rich texts, or an object with one. */
function wordsIn(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (depth > depthMax || typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) return value.map((member) => wordsIn(member, depth + 1)).join('');
  return [...wordFields, 'credit'].map((field) => wordsIn(Reflect.get(value, field), depth + 1)).join('');
}
