/**
 * From a schema's issues to the problems a person reads. A message that begins with a capital letter is a whole sentence; any other continues the
 * path of its place ("telegram_interactive_message.text must be a string, not a number.").
 */
import type { z } from 'zod';
import { type Path, toDotted, toPointer, valueAt } from './pointer.ts';

/** The codes that a validation can answer with. */
export type ProblemCode = 1 | 2 | 4;

export interface CodedProblem {
  readonly code: ProblemCode;
  readonly path: Path;
  readonly pointer: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number' && !Number.isInteger(value)) return `the number ${value}`;
  return `a ${typeof value}`;
};

const expectedNames: Readonly<Record<string, string>> = {
  array: 'an array',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
  boolean: 'true or false',
};

const quantity = (count: number | bigint, noun: string): string => `${count} ${noun}${Number(count) === 1 ? '' : 's'}`;

const bound = (origin: string, limit: number | bigint, word: 'least' | 'most'): string => {
  if (origin === 'string') return `must have at ${word} ${quantity(limit, 'character')}.`;
  if (origin === 'array') return `must have at ${word} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}.`;
  return `must be at ${word} ${limit}.`;
};

/** What was provided, short enough for a sentence: the value itself where it is plain, else its kind. */
export const provided = (value: unknown): string => {
  if (typeof value === 'string') return [...value.slice(0, 200)].slice(0, 100).join('');
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'array' : typeof value;
};

/** The sentence of an issue for which the schema has none of its own. */
export const sayIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${expectedNames[issue.expected] ?? `a ${issue.expected}`}, not ${kindOf(issue.input)}.`;
    case 'too_small':
      return bound(issue.origin, issue.minimum, 'least');
    case 'too_big':
      return bound(issue.origin, issue.maximum, 'most');
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}. Provided: ${provided(issue.input)}.`
        : `must be one of ${issue.values.map(String).join(', ')}. Provided: ${provided(issue.input)}.`;
    case 'invalid_format':
      return `must be a valid ${issue.format}.`;
    case 'invalid_union':
      // A union with a discriminator is at fault in that field and knows its values.
      return 'options' in issue && Array.isArray(issue.options)
        ? `must be one of ${issue.options.map(String).join(', ')}.`
        : 'must have one of the documented shapes.';
    default:
      return 'must have the documented shape.';
  }
};

const aboutItself = (issue: Issue): boolean => issue.path.length === 0 && issue.code !== 'custom';

/** Replaces a union's issue by those of the one member that takes this kind of value, so that problems name their place and not the union. */
const flatten = (issues: readonly Issue[], base: Path): Issue[] =>
  issues.flatMap((issue): Issue[] => {
    const path = [...base, ...issue.path];
    if (issue.code === 'invalid_union') {
      const fitting = issue.errors.filter((member) => member.length > 0 && !member.some(isWrongKind));
      const member = fitting.length === 1 ? fitting[0] : fitting.find((one) => !one.some(aboutItself));
      if (member !== undefined) return flatten(member, path);
    }
    return [{ ...issue, path }];
  });

const isWrongKind = (issue: Issue): boolean => issue.path.length === 0 && issue.code === 'invalid_type';

const sentence = (path: Path, message: string): string =>
  /^[A-Z]/.test(message) ? message : `${toDotted(path)} ${message}`;

const missing = (path: Path): string => `You must supply ${toDotted(path)} in your request payload.`;

export interface IssueReading {
  readonly problems: readonly CodedProblem[];
  /** Names that no schema knows. */
  readonly unknown: readonly Path[];
  /** Places that hold null where null is refused: they count as absent. */
  readonly nulls: readonly Path[];
}

/** Reads a schema's issues over the value that it was given. */
export const readIssues = (issues: readonly Issue[], value: unknown, base: string): IssueReading => {
  const problems: CodedProblem[] = [];
  const unknown: Path[] = [];
  const nulls: Path[] = [];
  for (const issue of flatten(issues, [])) {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) unknown.push([...path, key]);
      continue;
    }
    const found = valueAt(value, path);
    if (found === null && path.length > 0) nulls.push(path);
    const isMissing = found === undefined && path.length > 0 && issue.code !== 'custom';
    const code = issue.code === 'custom' ? codeOf(issue.params) : isMissing ? 1 : 4;
    const message = isMissing ? missing(path) : sentence(path, issue.message);
    problems.push({ code, path, pointer: toPointer(path, base), message });
  }
  return { problems, unknown, nulls };
};

const codeOf = (params: Readonly<Record<string, unknown>> | undefined): ProblemCode => {
  const code = params?.['code'];
  return code === 1 || code === 2 ? code : 4;
};
