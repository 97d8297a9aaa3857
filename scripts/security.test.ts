import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

interface Claim {
  readonly path: string;
  readonly test: string;
}

const claimsOf = (text: string): readonly Claim[] =>
  [...text.matchAll(/`(\S+\.test\.ts) › ([^`]+)`/g)].map(([, path = '', test = '']) => ({ path, test }));

/** Neither skipped nor only named in a comment. */
const isHeld = ({ path, test }: Claim): boolean => {
  if (!existsSync(at(path))) return false;
  const quoted = `['"\`]${test.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}['"\`]`;
  // The table of an `it.each` may take several lines, and ends before the next test.
  return new RegExp(`^ *it(?:\\.each\\((?:(?!^ *it\\b)[^])*?\\))?\\(${quoted}`, 'm').test(
    readFileSync(at(path), 'utf8'),
  );
};

describe('what SECURITY.md claims', () => {
  const claims = claimsOf(readFileSync(at('SECURITY.md'), 'utf8'));

  it('is held by tests that are there', () => {
    expect(claims.length).toBeGreaterThan(20);
    expect(claims.filter((claim) => !isHeld(claim))).toEqual([]);
  });

  it('would be missed where its test was renamed or skipped', () => {
    const [claim] = claims;
    if (claim === undefined) throw new Error('SECURITY.md names no test');
    expect(isHeld({ ...claim, test: `${claim.test} no more` })).toBe(false);
    expect(isHeld({ ...claim, path: 'e2e/gone.test.ts' })).toBe(false);
  });
});
