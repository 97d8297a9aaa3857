export interface Placeholder {
  readonly start: number;
  readonly end: number;
}

const openings = /\[(?:image|attachment|gif)/gi;
const endings = /[\]\n]/g;

/**
 * Intercom's placeholders for files: `[Image]`, `[Image "a.png"]`, `[Attachment: …]`, each on one line. The end of a placeholder is
 * looked for once for all openings before it.
 */
export function placeholdersIn(body: string): readonly Placeholder[] {
  const found: Placeholder[] = [];
  let after = 0;
  let ending = -1;
  for (const { index: start, 0: opening } of body.matchAll(openings)) {
    const inside = start + opening.length;
    if (start < after || !/[ :\]]/.test(body.charAt(inside))) continue;
    if (ending < inside) {
      endings.lastIndex = inside;
      ending = endings.exec(body)?.index ?? body.length;
    }
    if (body[ending] !== ']') continue;
    after = ending + 1;
    found.push({ start, end: after });
  }
  return found;
}

/** The text without these parts, which are in order. */
export function withoutParts(text: string, parts: readonly Placeholder[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of parts) {
    kept.push(text.slice(from, start));
    from = end;
  }
  return [...kept, text.slice(from)].join('');
}

/**
 * Intercom: from version 2.15 of an app on, bodies in notifications are plain, with `[Image]`, `[Attachment]` or `[GIF]`
 * in place of files. Takes out as many as there are attachments, from the end: what stays marks an image that the
 * notification does not carry.
 */
export function withoutPlaceholders(body: string, attachmentCount: number): string {
  const placeholders = placeholdersIn(body);
  return withoutParts(body, placeholders.slice(Math.max(placeholders.length - attachmentCount, 0)));
}
