import { createHash } from 'node:crypto';

/** The digest that is stored in place of a secret with 256 random bits. Such a secret needs no slow digest (OWASP ASVS 5.0, 6.5.2). */
export const digestSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
