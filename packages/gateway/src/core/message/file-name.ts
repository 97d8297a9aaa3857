import { endingOf } from './media-type.ts';

const nameLengthMax = 120;

/**
 * The name under which a file goes to the other side: the sender's own, else one made from its kind. Never a path, nothing
 * that reorders or hides letters, and with an ending.
 */
export function fileNameOf(file: { readonly name: string | null; readonly media: string }, mediaType: string): string {
  const given = clean(file.name ?? '');
  const name = given === '' ? file.media : given;
  return /\.[a-z0-9]{1,10}$/i.test(name) ? name : `${name}${endingOf(mediaType)}`;
}

/** Of a long name the end is kept: it says what the file is. */
function clean(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const readable = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replace(/^\.+/, '')
    .trim();
  return [...readable].slice(-nameLengthMax).join('');
}
