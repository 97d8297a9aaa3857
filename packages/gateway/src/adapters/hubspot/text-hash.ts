import { createHash } from 'node:crypto';

/** Of a text as HubSpot keeps it: it may trim and re-break lines, so white space does not count. SHA-256, hex. */
export const textHash = (text: string): string =>
  createHash('sha256')
    .update(text.replace(/[\s\u200b\ufeff]+/g, '').toLowerCase())
    .digest('hex');
