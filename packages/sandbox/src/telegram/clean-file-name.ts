/** TDLib utils/filesystem.cpp: what a name keeps of each part, in code points. */
const stemMax = 64;
const endingMax = 16;

/** TDLib: printable ASCII without the characters that file systems or shells treat in a special way; letters and numbers. */
const kept = /^(?:[ !#$%()+,\-.0-9;=@A-Z[\]^_a-z{}~]|\p{L}|\p{N})$/u;
/** TDLib utils/unicode.cpp: what a search skips. It is removed; every other character becomes a space. */
const skipped = /^[\0\p{M}\p{Cf}\u{b7}\u{2bc}\u{2be}]$/u;

/** The name under which Telegram's server keeps an uploaded file. `file` if nothing is left, or if the bytes are no UTF-8. */
export function cleanFileName(bytes: Buffer): string {
  const name = textOf(bytes)?.replace(/^.*\//s, '');
  if (name === undefined) return 'file';
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot + 1)] : [name, ''];
  const parts = [cleanPart(stem, stemMax), cleanPart(ending, endingMax)].filter((part) => part !== '');
  return parts.join('.') || 'file';
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function cleanPart(part: string, max: number): string {
  let clean = '';
  let size = 0;
  for (const character of part) {
    if (size === max) break;
    if (!kept.test(character) && skipped.test(character)) continue;
    const shown = kept.test(character) ? character : ' ';
    if (clean === '' && (shown === ' ' || shown === '.')) continue;
    clean += shown;
    size += 1;
  }
  return clean.replace(/[ .]+$/, '');
}
