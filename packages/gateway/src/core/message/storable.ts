/** A text as every database keeps it: without NUL, and with half a character shown as the replacement character. */
const storableText = (text: string): string => text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd');

/**
 * The value with every text in it storable: what comes from outside may hold characters that JSON allows and PostgreSQL
 * refuses, and must not stop what comes after it.
 */
export const storable = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_key, member: unknown) =>
    typeof member === 'string' ? storableText(member) : member,
  ) as T;
