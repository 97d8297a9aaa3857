import { withoutMarkSign } from './mark-text.ts';
import { endingOf, fitsEnding, isSiblingEnding } from './media-type.ts';
import { visibleName } from './visible-name.ts';

/** Code points. */
const nameLengthMax = 120;

/**
 * The name that a file is passed on with: the sender's own, or one made from its kind. It is never a path, has no characters
 * that reorder or hide letters, and has an extension that fits the media type, if there is a usual one.
 */
export function fileNameOf(file: { readonly name: string | null; readonly media: string }, mediaType: string): string {
  const name = visibleName(clean(file.name ?? '')) ?? file.media;
  const { stem, ending } = splitName(name);
  if (ending !== '' && fitsEnding(ending, mediaType)) return shorten(stem, ending);
  const usual = endingOf(mediaType);
  // An image that says to be one of another format.
  return usual !== '' && isSiblingEnding(ending, mediaType) ? shorten(stem, usual) : shorten(name, usual);
}

/** “photo.jpg” as “photo” and “.jpg”. What follows the last dot of a text may be no ending: `fitsEnding` says it. */
export function splitName(name: string): { readonly stem: string; readonly ending: string } {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? { stem: name, ending: '' } : { stem: name.slice(0, dot), ending: name.slice(dot) };
}

function shorten(stem: string, ending: string): string {
  // A code point has one or two units, so this many units are enough.
  const kept = [...stem.slice(0, 2 * nameLengthMax)].slice(0, nameLengthMax - ending.length).join('');
  return `${kept}${ending}`;
}

/** Code units, more than any name that is shown. Of a longer name the beginning and the end are read. */
const readMax = 2_000;

function clean(name: string): string {
  const read = name.length > readMax ? name.slice(0, readMax) + name.slice(-nameLengthMax) : name;
  return withoutHidden(withoutMarkSign(withoutPath(read)))
    .replace(/^\.+/, '')
    .trim();
}

/**
 * A slash belongs to many names (“Invoice 05/2026”), so that it is replaced. Of a path only the last step is the name.
 */
function withoutPath(name: string): string {
  const steps = name.split(/[/\\]/).map((step) => step.trim());
  const isPath = steps.length > 1 && /^(?:\.{0,2}|[a-z]:)$/i.test(steps[0] ?? '');
  return isPath ? (steps.at(-1) ?? '') : steps.filter((step) => !/^\.{0,2}$/.test(step)).join('-');
}

/**
 * Characters that hide, and those that reorder letters. The tags of a flag and the joiners of emoji and Persian words
 * are no such.
 */
const hidden =
  /(\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F})|(?![\u{200C}\u{200D}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const withoutHidden = (name: string): string =>
  name
    .replace(hidden, '$1')
    .replace(/([\u200C\u200D])[\u200C\u200D]+/g, '$1')
    .replace(/^[\u200C\u200D]/, '');
