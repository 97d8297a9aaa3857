import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A key of 32 bytes and the name under which sealed values refer to it. */
export interface VaultKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Seals secrets for storage: AES-256-GCM with a new 96-bit nonce each. The context (for example
 * `channels.token:chn_1`) is authenticated too, so a value that was copied to another row or column cannot be opened
 * there.
 */
export interface Vault {
  seal(plain: string, context: string): Buffer;
  /**
   * Throws if the key is missing (the error names it), if the value was changed, or if it belongs to another context.
   */
  open(sealed: Buffer, context: string): string;
  /** Whether the value was sealed with another key than the primary one, and should be sealed again. */
  isOutdated(sealed: Buffer): boolean;
}

// version (1) · length of the key id (1) · key id · nonce (12) · tag (16) · ciphertext
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

export function createVault({
  primary,
  others,
}: {
  readonly primary: VaultKey;
  readonly others: readonly VaultKey[];
}): Vault {
  const keys = new Map<string, Buffer>();
  for (const { id, key } of [primary, ...others]) {
    if (key.length !== 32) {
      throw new TypeError(`The key ${id} has ${key.length} bytes; it must have 32.`);
    }
    if (id === '' || Buffer.byteLength(id) > 255) {
      throw new TypeError('A key id has 1 to 255 bytes.');
    }
    if (keys.has(id)) {
      throw new TypeError(`The key id ${id} is used twice.`);
    }
    keys.set(id, key);
  }
  return {
    seal: (plain, context) => {
      const id = Buffer.from(primary.id);
      const header = Buffer.concat([Buffer.from([version, id.length]), id]);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', primary.key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.concat([header, Buffer.from(context)]));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
    },
    open: (sealed, context) => {
      const { id, header, rest } = parseSealed(sealed);
      const key = keys.get(id);
      if (key === undefined) {
        throw new Error(
          `A stored secret is sealed with the key ${id}, which this gateway does not have. ` +
            'Add this key to the other master keys, or restore it as the master key.',
        );
      }
      const nonce = rest.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.concat([header, Buffer.from(context)]));
      decipher.setAuthTag(rest.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const plain = [decipher.update(rest.subarray(nonceBytes + tagBytes)), decipher.final()];
        return Buffer.concat(plain).toString('utf8');
      } catch (error) {
        throw new Error(
          `A stored secret (${context}) cannot be opened with the key ${id}: it was changed, or moved here.`,
          {
            cause: error,
          },
        );
      }
    },
    isOutdated: (sealed) => parseSealed(sealed).id !== primary.id,
  };
}

function parseSealed(sealed: Buffer): { id: string; header: Buffer; rest: Buffer } {
  const headerBytes = 2 + (sealed[1] ?? 0);
  if (sealed[0] !== version || sealed.length < headerBytes + nonceBytes + tagBytes) {
    throw new Error('A stored secret is not in the format of this gateway. Was it written by a newer one?');
  }
  const header = sealed.subarray(0, headerBytes);
  return { id: header.toString('utf8', 2), header, rest: sealed.subarray(headerBytes) };
}
