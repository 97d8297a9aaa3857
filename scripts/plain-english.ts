/**
 * Finds the words of an old private dialect in Markdown and in source code, and Markdown lines that are too long. Source code is
 * searched whole: comments, strings, test titles and names.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findLongLines, markdownColumns } from './wrap-markdown.ts';

/** Files and folders, from the root of the repository, that must be free of findings. Extend this list; never shorten it. */
export const enforcedPaths: readonly string[] = [
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  'docs',
  'packages',
  'proof',
  'scripts',
];

/** Files that may contain the words, with the reason. */
const exempt: Readonly<Record<string, string>> = {
  'scripts/plain-english.ts': 'lists the words',
  'scripts/plain-english.test.ts': 'plants the words',
};

/** Names of an interface that users have. They must stay, so their words are not searched. */
const fixedNames: readonly { readonly within: string; readonly names: RegExp }[] = [
  // A field of the sandbox's control API.
  { within: 'packages/sandbox/', names: /\bstanding\b/gi },
  // Names of log events.
  { within: 'packages/gateway/src/engine/', names: /'(?:channel|workspace)\.mended'/g },
  // A kind of actor in the audit log, and a system user.
  { within: 'packages/', names: /(['`])nobody\1|\bsystem user nobody\b|\bnobody:/gi },
  { within: 'proof/', names: /'nobody'/gi },
];

interface WordRule {
  readonly words: RegExp;
  readonly suggestion: string;
}

/** Matches whole words. A space also matches the line break of a comment. */
const words = (pattern: string): RegExp =>
  new RegExp(`(?<![\\w-])(?:${pattern.replaceAll(' ', '\\s+(?:(?:\\*|//|--)\\s+)?')})(?![\\w-])`, 'gi');

const wordRules: readonly WordRule[] = [
  { words: words('(?:stands?|stood|standing)(?! for\\b)'), suggestion: 'is, has, appears, waits' },
  { words: words('who(?:m)?ever'), suggestion: 'a noun: “a caller”, “the person who”' },
  { words: words('somebody(?: else)?'), suggestion: 'a noun: “a person”, “another caller”' },
  { words: words('nobody (?:can |could )?know[sn]?|nobody knew'), suggestion: 'it is unknown' },
  {
    words: words('(?:no|every|any)body(?: else)?(?! (?:(?:can |could )?know[sn]?|knew)\\b)'),
    suggestion: 'what happens instead: “no caller”, “all callers”, “it is not …”',
  },
  { words: words('anew'), suggestion: 'again' },
  { words: words('so(?: |-)many(?:-?th)?'), suggestion: 'the number, “N”' },
  { words: words('meanwhile'), suggestion: 'at the same time, before that, while …' },
  {
    words: words('(?:there|where)(?:of|to|upon)|hereby|henceforth|whence|thence|lest'),
    suggestion: 'a plain sentence',
  },
  { words: words('he (?:can|cannot|could|may|must|does|sends|calls)'), suggestion: 'they' },
  { words: words('at all events'), suggestion: 'in any case' },
  { words: words('all the same'), suggestion: 'anyway, still' },
  { words: words('at the most'), suggestion: 'at most' },
  { words: words('in their order'), suggestion: 'in order' },
  { words: words('by now'), suggestion: 'already' },
  { words: words('of which'), suggestion: 'two sentences' },
  { words: words('(?:is|are|was) said so'), suggestion: 'is reported' },
  { words: words('bec(?:omes?|ame) of'), suggestion: 'happens to' },
  { words: words('far side'), suggestion: 'the provider, the other end' },
  { words: words('(?:go|goes|went|gone|going) on'), suggestion: 'continue' },
  { words: words('(?:come|comes|came|coming) by'), suggestion: 'arrive, pass' },
  { words: words('(?:put|puts|putting) off'), suggestion: 'postpone' },
  { words: words('(?:set|sets|setting) out'), suggestion: 'start' },
  {
    words: words('(?:take|takes|took|taken|taking) in(?! (?:the )?(?:order|milliseconds|seconds)\\b)'),
    suggestion: 'receive, process',
  },
  { words: words('mend(?:s|ed|ing)?'), suggestion: 'repair, fix' },
  { words: words('insist(?:s|ed|ing|ence)?'), suggestion: 'retry' },
  { words: words('knock(?:s|ed|ing)?'), suggestion: 'call' },
  { words: words('lawful(?:ly)?'), suggestion: 'valid' },
];

export interface Finding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly word: string;
  readonly suggestion: string;
}

/** Replaces inline code and code blocks by spaces. They hold commands, names and citations of tests. */
const blankCode = (markdown: string): string =>
  markdown.replaceAll(/^ *```[\s\S]*?^ *```|`[^`\n]+`/gm, (code) => code.replaceAll(/[^\n]/g, ' '));

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const findLongMarkdown = (file: string, text: string): readonly Finding[] =>
  findLongLines(text).map((line) => ({
    file,
    line,
    word: `more than ${markdownColumns} columns`,
    suggestion: 'wrap the line',
  }));

const blankFixedNames = (file: string, text: string): string =>
  fixedNames
    .filter(({ within }) => file.startsWith(within))
    .reduce((left, { names }) => left.replaceAll(names, (name) => ' '.repeat(name.length)), text);

/** Finds every word of the dialect in a text, in order of the lines. `file` says whether it is Markdown. */
export const findDialect = (file: string, text: string): readonly Finding[] => {
  const isMarkdown = file.endsWith('.md');
  const searched = blankFixedNames(file, isMarkdown ? blankCode(text) : text);
  const found = wordRules.flatMap((rule) =>
    [...searched.matchAll(rule.words)].map(({ 0: match, index }) => ({
      file,
      line: lineAt(searched, index),
      word: match.replaceAll(/\s+(?:(?:\*|\/\/|--)\s+)?/g, ' '),
      suggestion: rule.suggestion,
    })),
  );
  return [...found, ...(isMarkdown ? findLongMarkdown(file, text) : [])].sort((a, b) => a.line - b.line);
};

export const printFinding = ({ file, line, word, suggestion }: Finding): string =>
  `${file}:${line}: ${word} -> ${suggestion}`;

const isChecked = (file: string): boolean =>
  /\.(?:md|js|ts|sql)$/.test(file) && !file.endsWith('.gen.ts') && !Object.hasOwn(exempt, file);

const isSkippedFolder = (name: string): boolean => ['node_modules', 'dist', 'cjs', '.git'].includes(name);

/** Lists the checked files of a file or folder. Paths are relative to `root`. */
export const listCheckedFiles = (root: string, path: string): readonly string[] => {
  if (!statSync(join(root, path)).isDirectory()) return isChecked(path) ? [path] : [];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter(({ name }) => !isSkippedFolder(name))
    .flatMap(({ name }) => listCheckedFiles(root, path === '.' ? name : `${path}/${name}`));
};

export const findDialectIn = (root: string, paths: readonly string[]): readonly Finding[] =>
  paths
    .flatMap((path) => listCheckedFiles(root, path))
    .flatMap((file) => findDialect(file, readFileSync(join(root, file), 'utf8')));
