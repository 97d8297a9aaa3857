/**
 * API keys: `cf_live_<key id>_<32 base 62>_<6 base 62>`. The part up to the key id is shown in lists. The last part is the CRC-32 of everything before it:
 * a mistyped key is refused without a database query, and scanners for leaked secrets have no false alarms.
 */
import { crc32 } from './crc32.ts';
import { idKinds } from './ids.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 32;
const checksumLength = 6;

/** For secret scanners. Matches every key of the gateway and, except for the checksum, nothing else. */
export const apiKeyPattern = 'cf_live_[0-9a-z]{1,40}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}';

const wholeKey = new RegExp(`^${apiKeyPattern}$`);

const checksum = (text: string): string => {
  let remainder = crc32(text);
  let out = '';
  for (let index = 0; index < checksumLength; index += 1) {
    out = alphabet.charAt(remainder % 62) + out;
    remainder = Math.floor(remainder / 62);
  }
  return out;
};

/** The visible part of a key, safe in lists and logs. `keyId` is the id of the key, with or without its prefix. */
export const apiKeyPrefix = (keyId: string): string =>
  idKinds.apiKey.prefix + (keyId.startsWith(idKinds.key.prefix) ? keyId.slice(idKinds.key.prefix.length) : keyId);

/** Makes the 32 secret characters, uniformly distributed. `draw` returns the given number of random bytes. */
export const drawApiKeySecret = (draw: (length: number) => Uint8Array): string => {
  let out = '';
  while (out.length < secretLength) {
    for (const byte of draw(secretLength)) {
      if (byte < 248 && out.length < secretLength) out += alphabet.charAt(byte % 62);
    }
  }
  return out;
};

/** Composes a key from its id and its 32 secret characters. Throws `RangeError` for other parts. */
export const formatApiKey = (keyId: string, secret: string): string => {
  const head = `${apiKeyPrefix(keyId)}_${secret}`;
  const key = `${head}_${checksum(head)}`;
  if (!wholeKey.test(key)) throw new RangeError('An API key needs a key id and 32 characters of base 62.');
  return key;
};

/**
 * The format of a key in a request. `own`: a key of the gateway with a valid checksum. `damaged`: starts like one, but is not valid; refuse it without a
 * database query. `foreign`: another format, perhaps an imported key; look it up by its digest.
 */
export type ParsedApiKey =
  | { readonly kind: 'own'; readonly keyId: string; readonly prefix: string }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'foreign' };

/** Reads the key of a request. Never throws. */
export const parseApiKey = (key: string): ParsedApiKey => {
  if (!key.startsWith(idKinds.apiKey.prefix)) return { kind: 'foreign' };
  if (!wholeKey.test(key)) return { kind: 'damaged' };
  const head = key.slice(0, -(checksumLength + 1));
  if (checksum(head) !== key.slice(-checksumLength)) return { kind: 'damaged' };
  const prefix = head.slice(0, -(secretLength + 1));
  return { kind: 'own', keyId: idKinds.key.prefix + prefix.slice(idKinds.apiKey.prefix.length), prefix };
};
