import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** OWASP ASVS 5.0, 11.4.2: scrypt with N = 2^17, r = 8, p = 1, which takes 128 MiB and about 0.4 s. */
export const standardCostBits = 17;
const blockSize = 8;
const lengthBytes = 32;
const memoryMaxBytes = 256 * 1024 * 1024;

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

const hashed = (password: string, salt: Buffer, bits: number): Promise<Buffer> =>
  derive(password.normalize('NFKC'), salt, lengthBytes, { N: 2 ** bits, r: blockSize, p: 1, maxmem: memoryMaxBytes });

/** Returns what is stored of a password: its digest, with the salt and the cost. The cost is the binary logarithm of N. */
export async function digestOfPassword(password: string, costBits: number): Promise<string> {
  const salt = randomBytes(16);
  const digest = await hashed(password, salt, costBits);
  return `scrypt$${costBits}$${salt.toString('base64url')}$${digest.toString('base64url')}`;
}

/** Takes the same time whether the person exists (`stored` is null) or not, if `costBits` is the cost of the stored digests. */
export async function isPasswordOf(stored: string | null, password: string, costBits: number): Promise<boolean> {
  const [, bits = String(costBits), salt = '', digest = ''] = (stored ?? '').split('$');
  const expected = Buffer.from(digest, 'base64url');
  const given = await hashed(password, Buffer.from(salt, 'base64url'), Number(bits));
  return expected.length === given.length && timingSafeEqual(expected, given);
}
