import { createHash } from 'node:crypto';

/** What is stored of a secret that was drawn with 256 bits: it needs no slow digest (OWASP ASVS 5.0, 6.5.2). */
export const digestOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
