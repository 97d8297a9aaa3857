import { isVisible } from '@chatferry/contract';

// Characters without a glyph of their own: fillers, joiners, direction and other format characters, the braille blank,
// the object replacement, the musical null note head.
const blank = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\u{2800}\u{FFFC}\u{1D159}]/gu;

/**
 * The name of a person, a chat or a thing, without white space at its ends. Null if a reader would see nothing:
 * Telegram accepts names of a Hangul filler or a braille blank only.
 */
export function visibleName(name: string | null | undefined): string | null {
  const trimmed = name?.trim() ?? '';
  return isVisible(trimmed.replace(blank, '')) ? trimmed : null;
}
