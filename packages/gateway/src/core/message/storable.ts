/** A text that every database accepts: without NUL, and with the replacement character for unpaired surrogates. */
export const storableText = (text: string): string =>
  text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd');

/**
 * Makes every text in a value storable. Values from outside may have characters that JSON allows and PostgreSQL refuses. They
 * must not block what follows them.
 */
export const storable = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_key, member: unknown) =>
    typeof member === 'string' ? storableText(member) : member,
  ) as T;

/** More levels than any provider's JSON has, and few enough for code that walks into each of them. */
const levelsMax = 100;

/**
 * Parses JSON from outside into values whose texts are storable. What is nested deeper than 100 levels is cut off, with null
 * in its place. Throws a SyntaxError, and nothing else. Only a text with an escaped NUL takes the second pass.
 */
export function parseStorable(text: string): unknown {
  const value: unknown = JSON.parse(text);
  cutBelow(value, levelsMax);
  return text.includes('\\u0000') ? storable(value) : value;
}

type Container = Record<string, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Goes down level by level, and not by calling itself: the value may be deeper than the stack. */
function cutBelow(root: unknown, levels: number): void {
  let level: readonly Container[] = [root].filter(isContainer);
  for (let depth = 1; depth < levels && level.length > 0; depth += 1) {
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  for (const container of level) {
    for (const [name, inner] of Object.entries(container)) if (isContainer(inner)) container[name] = null;
  }
}
