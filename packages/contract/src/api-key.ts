/**
 * API keys: `cf_live_<key id>_<32 base 62>_<6 base 62>`, and `cf_test_…` in test mode. The part up to the key id is shown in lists. The last part is the CRC-32 of everything before it:
 * a mistyped key is refused without a database query, and scanners for leaked secrets have no false alarms.
 */
import { crc32 } from './crc32.ts';
import { idKinds } from './ids.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 32;
const checksumLength = 6;

/** For secret scanners. Matches every key of the gateway and, except for the checksum, nothing else. */
export const apiKeyPattern = 'cf_(?:live|test)_[0-9a-z]{1,40}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}';

/** `live` keys reach real chats, `test` keys only those of test mode. */
export type ApiKeyMode = 'live' | 'test';

const prefixes: Readonly<Record<ApiKeyMode, string>> = {
  live: idKinds.apiKey.prefix,
  test: idKinds.testApiKey.prefix,
};

/** The mode of a key, or of the visible part of one. An imported key is live. */
export const apiKeyMode = (prefix: string): ApiKeyMode => (prefix.startsWith(prefixes.test) ? 'test' : 'live');

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
export const apiKeyPrefix = (keyId: string, mode: ApiKeyMode = 'live'): string =>
  prefixes[mode] + (keyId.startsWith(idKinds.key.prefix) ? keyId.slice(idKinds.key.prefix.length) : keyId);

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
export const formatApiKey = (keyId: string, secret: string, mode: ApiKeyMode = 'live'): string => {
  const head = `${apiKeyPrefix(keyId, mode)}_${secret}`;
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
  const mode = apiKeyMode(key);
  if (!key.startsWith(prefixes[mode])) return { kind: 'foreign' };
  if (!wholeKey.test(key)) return { kind: 'damaged' };
  const head = key.slice(0, -(checksumLength + 1));
  if (checksum(head) !== key.slice(-checksumLength)) return { kind: 'damaged' };
  const prefix = head.slice(0, -(secretLength + 1));
  return { kind: 'own', keyId: idKinds.key.prefix + prefix.slice(prefixes[mode].length), prefix };
};
