/**
 * Intercom: from version 2.15 of an app on, bodies in notifications are plain, with `[Image]`, `[Attachment]` or `[GIF]`
 * in place of files. Takes out as many as there are attachments, from the end: what stays marks an image that the
 * notification does not carry.
 */
export function withoutPlaceholders(body: string, attachmentCount: number): string {
  const placeholders = [...body.matchAll(/\[(?:image|attachment|gif)(?:[ :][^\]\n]*)?\]/gi)];
  return placeholders
    .slice(Math.max(placeholders.length - attachmentCount, 0))
    .reduceRight(
      (text, placeholder) => text.slice(0, placeholder.index) + text.slice(placeholder.index + placeholder[0].length),
      body,
    );
}
