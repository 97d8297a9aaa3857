import { withoutMarkSign } from './mark-text.ts';
import { endingOf } from './media-type.ts';

const nameLengthMax = 120;

/**
 * The name that a file is passed on with: the sender's own, or one made from its kind. It is never a path, has no characters
 * that reorder or hide letters, and has an extension.
 */
export function fileNameOf(file: { readonly name: string | null; readonly media: string }, mediaType: string): string {
  const given = clean(file.name ?? '');
  const name = given === '' ? file.media : given;
  return /\.[a-z0-9]{1,10}$/i.test(name) ? name : `${name}${endingOf(mediaType)}`;
}

/** Only the end of a long name is used, because it has the extension. */
function clean(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const readable = withoutMarkSign(last)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replace(/^\.+/, '')
    .trim();
  return [...readable].slice(-nameLengthMax).join('');
}
