import { describe, expect, it } from 'vitest';
import { findSlowExpressions } from './regular-expressions.ts';
import { scanSource } from './scan-source.ts';
import { readSourceTree } from './source-tree.ts';

const problemsOf = (code: string) =>
  findSlowExpressions([{ file: 'packages/gateway/src/core/message/made-up.ts', source: scanSource(code) }]);

describe('the regular expressions of the product', () => {
  const { inPackages } = readSourceTree();

  it('take linear time, as far as each can be judged alone', () => {
    expect(findSlowExpressions(inPackages)).toEqual([]);
  });

  it('are found in all files', () => {
    expect(inPackages.flatMap(({ source }) => source.regexes).length).toBeGreaterThan(250);
  });
});

describe('a regular expression', () => {
  it.each([
    ['const slashes = /\\/+$/;', 'begins again'],
    ['const token = /\\d{6,}:x/g;', 'begins again'],
    ['const arrow = /\\s*->\\s*/g;', 'begins again'],
    ['const pair = /^\\s*a\\s*"?\\s*b/;', 'two parts'],
    ['const words = /^(?:a+)+$/;', 'more than one way'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text that is checked.
    ['const made = new RegExp(`^${name}$`);', 'as a literal'],
  ])('is refused in %s', (code, words) => {
    expect(problemsOf(code).join('\n')).toContain(words);
  });

  it.each([
    'const slashes = /(?<!\\/)\\/+$/;',
    'const token = /(?<!\\d)\\d{6,}:x/g;',
    'const id = /^[a-z]{3}_[0-9a-z]{1,40}$/;',
    'const half = total / 2 / count;',
  ])('is accepted in %s', (code) => {
    expect(problemsOf(code)).toEqual([]);
  });
});
