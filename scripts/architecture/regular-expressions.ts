import { analyse, type Report } from 'scslre';
import { isTestFile } from './architecture-rules.ts';
import type { ScannedSource } from './scan-source.ts';

interface File {
  readonly file: string;
  readonly source: Pick<ScannedSource, 'code' | 'regexes'>;
}

/** The packages that are installed with the product, or read what strangers send. The sandbox reads only tests. */
const products = /^packages\/(?:gateway|contract|cli|sdk)\/src\//;

/** Files that may make a regular expression from parts, each with where the parts come from. */
const composed: Readonly<Record<string, string>> = {
  'packages/contract/src/api-key.ts': 'a constant',
  'packages/contract/src/ids.ts': 'constants',
  'packages/gateway/src/config/config.ts': 'the names of settings',
  'packages/gateway/src/journal/journal.ts': 'constants',
};

/**
 * Regular expressions that take more than linear time for some text: two parts that can match the same characters one after the
 * other, and a part that is tried again from each of its own characters. What a search with the flag g reads again and again is not
 * found here, but by `proof/linear-time`.
 */
export const findSlowExpressions = (files: readonly File[]): readonly string[] =>
  files
    .filter(({ file }) => products.test(file) && !isTestFile(file))
    .flatMap(({ file, source }) => [
      ...source.regexes.flatMap((regex) => problemsOf(regex).map((problem) => `${file}: ${regex} ${problem}`)),
      ...(/\bRegExp\s*\(/.test(source.code) && composed[file] === undefined
        ? [`${file}: write a regular expression as a literal, because one that is made at run time is not checked`]
        : []),
    ]);

const advice: Readonly<Record<Report['type'], string>> = {
  Trade: 'has two parts that match the same characters: let only one of them',
  Self: 'repeats a part that can match the same characters in more than one way: let it have one way',
  Move: 'begins again at each character of a run: put a look behind in front of the run, such as (?<!\\d)\\d+',
};

function problemsOf(literal: string): readonly string[] {
  const end = literal.lastIndexOf('/');
  const { reports } = analyse({ source: literal.slice(1, end), flags: literal.slice(end + 1) });
  return [...new Set(reports.map(({ type }) => advice[type]))];
}
