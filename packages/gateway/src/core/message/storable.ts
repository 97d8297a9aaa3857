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

/**
 * Parses JSON from outside into values whose texts are storable. Throws a SyntaxError, or a RangeError if it is nested too
 * deeply. Only a text with an escaped NUL takes the second pass.
 */
export function parseStorable(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return text.includes('\\u0000') ? storable(value) : value;
}
