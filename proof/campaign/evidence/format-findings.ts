const columns = 130;

/** JSON that keeps each record of a list on one line, and fills lines with lists of words. */
export function formatFindings(value: unknown, indent = ''): string {
  const inline = JSON.stringify(value);
  if (inline.length + indent.length <= columns || typeof value !== 'object' || value === null) return inline;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? formatItems(value, columns - inner.length)
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${formatFindings(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${close}`;
}

function formatItems(items: readonly unknown[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const text = JSON.stringify(item);
    const last = lines.at(-1);
    const isWord = typeof item !== 'object';
    if (isWord && last !== undefined && last.length + text.length + 2 <= width)
      lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(text);
  }
  return lines;
}
