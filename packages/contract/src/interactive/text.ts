/** Telegram: the maximum length of a message text, in code points after trimming. */
export const messageTextMax = 4096;

// Telegram replaces or removes these before it decides whether a text is empty: white space, controls, direction marks, the braille blank,
// the object replacement, three combining lines and two tags.
const visible =
  /(?!\u{30A}|\u{333}|\u{33F})[^\s\p{Cc}\u{180E}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2800}\u{FFFC}\u{E0000}\u{E0001}]/u;

/** Whether the text has a character that is visible in Telegram. */
export const isVisible = (text: string): boolean => visible.test(text);

// In addition: soft hyphen, grapheme joiner, letter mark, word joiner with the invisible operators and isolates, variation selectors, and
// tags. They have no glyphs, so a text of only these characters has no content.
const meaningful =
  /(?!\u{30A}|\u{333}|\u{33F}|\u{34F})[^\s\p{Cc}\p{Variation_Selector}\u{AD}\u{61C}\u{180E}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{2800}\u{FFFC}\u{E0000}-\u{E0FFF}]/u;

/**
 * Whether a message text has content. Stricter than `isVisible`: a label that is only a word joiner is allowed (the button looks empty), such a message
 * text is not.
 */
export const hasMeaning = (text: string): boolean => meaningful.test(text);

/** Whether the text has at most `max` code points. */
export const hasAtMost = (text: string, max: number): boolean => {
  if (text.length <= max) return true;
  if (text.length > 2 * max) return false;
  let count = 0;
  for (const _ of text) {
    count += 1;
    if (count > max) return false;
  }
  return true;
};

/** The size of a text in UTF-8, in bytes. */
export const utf8Length = (text: string): number => {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair has four bytes in UTF-8: two for each half.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
};
