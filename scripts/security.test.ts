import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

interface Claim {
  readonly path: string;
  readonly test: string;
}

const readClaims = (text: string): readonly Claim[] =>
  [...text.matchAll(/`(\S+\.test\.ts) › ([^`]+)`/g)].map(([, path = '', test = '']) => ({ path, test }));

/** True if the test exists in its file, is not skipped, and is not only named in a comment. */
const hasTest = ({ path, test }: Claim): boolean => {
  if (!existsSync(at(path))) return false;
  const quoted = `['"\`]${test.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}['"\`]`;
  // The table of an `it.each` may span several lines. It ends before the next test.
  return new RegExp(`^ *it(?:\\.(?:each|for)\\((?:(?!^ *it\\b)[^])*?\\))?\\(\\s*${quoted}`, 'm').test(
    readFileSync(at(path), 'utf8'),
  );
};

describe('SECURITY.md', () => {
  const claims = readClaims(readFileSync(at('SECURITY.md'), 'utf8'));

  it('cites only tests that exist', () => {
    expect(claims.length).toBeGreaterThan(20);
    expect(claims.filter((claim) => !hasTest(claim))).toEqual([]);
  });

  it('fails this check when a cited test is renamed or moved', () => {
    const [claim] = claims;
    if (claim === undefined) throw new Error('SECURITY.md cites no test');
    expect(hasTest({ ...claim, test: `${claim.test} no more` })).toBe(false);
    expect(hasTest({ ...claim, path: 'e2e/gone.test.ts' })).toBe(false);
  });
});
