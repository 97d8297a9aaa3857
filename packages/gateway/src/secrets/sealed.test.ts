import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVault, type VaultKey } from './sealed.ts';

const keyOf = (id: string, byte: number): VaultKey => ({ id, key: Buffer.alloc(32, byte) });
const vault = createVault({ primary: keyOf('2026', 1), others: [keyOf('2025', 2)] });

describe('a vault', () => {
  it('opens a value that it sealed, in the same context only', () => {
    const texts = fc.tuple(fc.string({ unit: 'binary' }), fc.string(), fc.string());
    fc.assert(
      fc.property(texts, ([plain, context, other]) => {
        const sealed = vault.seal(plain, context);
        expect(vault.open(sealed, context)).toBe(plain);
        if (other !== context) {
          expect(() => vault.open(sealed, other)).toThrow('it was changed, or moved here');
        }
      }),
    );
  });

  it('refuses a value with a single changed bit', () => {
    const sealed = vault.seal('123456:token', 'channels.token:chn_1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => vault.open(changed, 'channels.token:chn_1')).toThrow();
    }
  });

  it('seals the same text to different bytes each time, which do not contain the text', () => {
    const sealed = vault.seal('123456:token', 'c');
    expect(vault.seal('123456:token', 'c').equals(sealed)).toBe(false);
    expect(sealed.includes('token')).toBe(false);
  });

  it('opens values of an older key and reports them as outdated', () => {
    const old = createVault({ primary: keyOf('2025', 2), others: [] }).seal('secret', 'c');
    expect(vault.open(old, 'c')).toBe('secret');
    expect(vault.isOutdated(old)).toBe(true);
    expect(vault.isOutdated(vault.seal('secret', 'c'))).toBe(false);
  });

  it('names the missing key in the error', () => {
    const foreign = createVault({ primary: keyOf('lost', 3), others: [] }).seal('secret', 'c');
    expect(() => vault.open(foreign, 'c')).toThrow('sealed with the key lost, which this gateway does not have');
  });

  it('refuses bytes that are not a sealed value', () => {
    for (const bytes of ['', '\u0001', '\u0001\u0004abcd', 'plain text of some length that was never sealed']) {
      expect(() => vault.open(Buffer.from(bytes), 'c')).toThrow('not in the format');
    }
  });

  it('refuses keys of the wrong length and ids that are used twice', () => {
    expect(() => createVault({ primary: { id: 'a', key: Buffer.alloc(16) }, others: [] })).toThrow('16 bytes');
    expect(() => createVault({ primary: keyOf('a', 1), others: [keyOf('a', 2)] })).toThrow('used twice');
  });
});
