/**
 * The characters of a text that a chat can show. Gone are controls, soft hyphens and the fillers that editors and mail
 * tools put in (zero-width space, byte order mark); a zero-width non-joiner stays only between letters, where Persian
 * needs it. White space other than a line break becomes a space; half a surrogate pair becomes the replacement character.
 */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(unseen, '')
    .replace(/[^\S\n]/g, ' ')
    .replace(/(?<![\p{L}\p{M}])\u200c|\u200c(?![\p{L}\p{M}])/gu, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes.
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff]/g;
