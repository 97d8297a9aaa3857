import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ApiKeyMode,
  apiKeyMode,
  apiKeyPattern,
  apiKeyPrefix,
  drawApiKeySecret,
  formatApiKey,
  parseApiKey,
} from './api-key.ts';
import { crc32 } from './crc32.ts';
import { idSchema, isId, makeId } from './ids.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const id = makeId('key', 1_790_000_000_000, new Uint8Array(10));
const secret = 'a'.repeat(32);

const modes: readonly ApiKeyMode[] = ['live', 'test'];

describe.each(modes)('an API key of the mode %s', (mode) => {
  const format = (keyId: string, secretText: string) => formatApiKey(keyId, secretText, mode);

  it('can be parsed into its id and its visible prefix', () => {
    const prefix = apiKeyPrefix(id, mode);
    expect(parseApiKey(format(id, secret))).toEqual({ kind: 'own', keyId: id, prefix });
    expect(apiKeyMode(prefix)).toBe(mode);
    expect(prefix.startsWith(`cf_${mode}_`)).toBe(true);
  });

  it('matches the pattern for secret scanners, but its visible prefix does not', () => {
    expect(format(id, secret)).toMatch(new RegExp(`^${apiKeyPattern}$`));
    expect(apiKeyPrefix(id, mode)).not.toMatch(new RegExp(apiKeyPattern));
  });

  it('is damaged if any character is changed', () => {
    const key = format(id, secret);
    fc.assert(
      fc.property(
        fc.integer({ min: 'cf_live_'.length, max: key.length - 1 }),
        fc.constantFrom('b', 'Z', '0', '_'),
        (at, other) => {
          fc.pre(key[at] !== other);
          expect(parseApiKey(key.slice(0, at) + other + key.slice(at + 1)).kind).toBe('damaged');
        },
      ),
    );
  });

  it('in another format is foreign, so that imported keys are looked up', () => {
    expect(parseApiKey('9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d')).toEqual({ kind: 'foreign' });
    expect(parseApiKey('')).toEqual({ kind: 'foreign' });
    expect(apiKeyMode('9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d')).toBe('live');
  });

  it('has a secret of base 62 characters, without random bytes that would bias it', () => {
    let drawn = 0;
    const draw = (length: number) => new Uint8Array(length).fill(drawn++ === 0 ? 255 : 61);
    expect(drawApiKeySecret(draw)).toBe('z'.repeat(32));
    expect(drawn).toBe(2);
  });

  it('cannot be made from a secret of another format', () => {
    expect(() => format(id, 'short')).toThrow(RangeError);
  });
});

describe('crc32', () => {
  it('has the published check value', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(crc32('')).toBe(0);
  });
});

describe('ids', () => {
  it('sort by time for any random bytes', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 1000 }), bytes(10), bytes(10), (time, later, a, b) => {
        expect(makeId('channel', time, a) < makeId('channel', time + later, b)).toBe(true);
      }),
    );
  });

  it('are distinguished by their prefix', () => {
    const channel = makeId('channel', 0, new Uint8Array(10));
    expect([
      isId('channel', channel),
      isId('workspace', channel),
      isId('channel', 'chn_'),
      isId('channel', 'chn_A'),
    ]).toEqual([true, false, false, false]);
    expect(idSchema('channel').safeParse(channel).success).toBe(true);
  });
});
