import { createHash } from 'node:crypto';
import { placeholdersIn, withoutParts } from './placeholders.ts';

/**
 * A body reduced to what survives Intercom: it rewrites markup, returns HTML over REST and plain text in newer webhooks,
 * and puts placeholders in place of files. Tags and entities go, and so does white space altogether, since the same
 * paragraph break comes back as a tag, a line break or nothing. Entities are decoded before tags are removed, so that a
 * text and its escaped form meet in the same value.
 */
export function normaliseBody(body: string): string {
  const decoded = body.replace(/&(?:amp;|#0*38;|#[xX]0*26;)+/g, '&').replace(entity, decodeEntity);
  const untagged = withoutTags(decoded);
  return withoutParts(untagged, placeholdersIn(untagged))
    .replace(/[\s\u200b\ufeff]+/g, '')
    .toLowerCase();
}

/** Two bodies with the same hash say the same thing. SHA-256, hex. */
export const bodyHash = (body: string): string => createHash('sha256').update(normaliseBody(body)).digest('hex');

const entity = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|quot|apos|nbsp|amp));/g;

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', amp: '&' };

function decodeEntity(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return named[name] ?? whole;
  const code = decimal !== undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal ?? '', 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/** Removing a tag can lay another one bare; three rounds are more than any honest body needs. */
function withoutTags(text: string): string {
  const tag = /<\/?[a-zA-Z!][^<>]*>/g;
  return text.replace(tag, '').replace(tag, '').replace(tag, '');
}
