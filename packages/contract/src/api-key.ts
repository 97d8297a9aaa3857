/**
 * API keys: `cf_live_<key id>_<32 base 62>_<6 base 62>`. The part up to the key id is shown in lists; the last part is the CRC-32 of everything before it,
 * so that a mistyped key is refused without a look-up and a scanner of leaked secrets has no false alarms.
 */
import { crc32 } from './crc32.ts';
import { idKinds } from './ids.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 32;
const checksumLength = 6;

/** For secret scanners: every key of ours, and (but for the checksum) nothing else. */
export const apiKeyPattern = 'cf_live_[0-9a-z]{1,40}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}';

const wholeKey = new RegExp(`^${apiKeyPattern}$`);

const checksum = (text: string): string => {
  let rest = crc32(text);
  let out = '';
  for (let index = 0; index < checksumLength; index += 1) {
    out = alphabet.charAt(rest % 62) + out;
    rest = Math.floor(rest / 62);
  }
  return out;
};

/** The visible part of a key: safe in lists and logs. `keyId` is the key's id, with or without its prefix. */
export const apiKeyPrefix = (keyId: string): string =>
  idKinds.apiKey.prefix + (keyId.startsWith(idKinds.key.prefix) ? keyId.slice(idKinds.key.prefix.length) : keyId);

/** Draws the 32 secret characters without bias; `draw` returns that many random bytes. */
export const drawApiKeySecret = (draw: (length: number) => Uint8Array): string => {
  let out = '';
  while (out.length < secretLength) {
    for (const byte of draw(secretLength)) {
      if (byte < 248 && out.length < secretLength) out += alphabet.charAt(byte % 62);
    }
  }
  return out;
};

/** Composes the key from its id and its 32 secret characters. */
export const formatApiKey = (keyId: string, secret: string): string => {
  const head = `${apiKeyPrefix(keyId)}_${secret}`;
  const key = `${head}_${checksum(head)}`;
  if (!wholeKey.test(key)) throw new RangeError('An API key needs an id of ours and 32 characters of base 62.');
  return key;
};

/**
 * What a presented key is by its form alone. `own`: ours and whole. `damaged`: begins as ours and is not (refuse without a look-up).
 * `foreign`: not our form, perhaps an imported key (look it up by digest).
 */
export type ParsedApiKey =
  | { readonly kind: 'own'; readonly keyId: string; readonly prefix: string }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'foreign' };

/** Reads a presented key; never throws. */
export const parseApiKey = (key: string): ParsedApiKey => {
  if (!key.startsWith(idKinds.apiKey.prefix)) return { kind: 'foreign' };
  if (!wholeKey.test(key)) return { kind: 'damaged' };
  const head = key.slice(0, -(checksumLength + 1));
  if (checksum(head) !== key.slice(-checksumLength)) return { kind: 'damaged' };
  const prefix = head.slice(0, -(secretLength + 1));
  return { kind: 'own', keyId: idKinds.key.prefix + prefix.slice(idKinds.apiKey.prefix.length), prefix };
};
