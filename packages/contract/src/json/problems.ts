/**
 * Turns the issues of a schema into problems with sentences. A message that begins with a capital letter is a complete sentence. Any other message follows
 * the path of its place ("telegram_interactive_message.text must be a string, not a number.").
 */
import type { z } from 'zod';
import { type Path, toDotted, toPointer, valueAt } from './pointer.ts';

/** The error codes of a validation. */
export type ProblemCode = 1 | 2 | 4;

export interface CodedProblem {
  readonly code: ProblemCode;
  readonly path: Path;
  readonly pointer: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

const describeType = (value: unknown): string => {
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

const describeBound = (origin: string, limit: number | bigint, word: 'least' | 'most'): string => {
  if (origin === 'string') return `must have at ${word} ${quantity(limit, 'character')}.`;
  if (origin === 'array') return `must have at ${word} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}.`;
  return `must be at ${word} ${limit}.`;
};

/** A provided value for a sentence: a simple value itself, at most 100 characters; else its type. */
export const describeValue = (value: unknown): string => {
  if (typeof value === 'string') return [...value.slice(0, 200)].slice(0, 100).join('');
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'array' : typeof value;
};

/** The default sentence of an issue, for schemas that do not give one. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${expectedNames[issue.expected] ?? `a ${issue.expected}`}, not ${describeType(issue.input)}.`;
    case 'too_small':
      return describeBound(issue.origin, issue.minimum, 'least');
    case 'too_big':
      return describeBound(issue.origin, issue.maximum, 'most');
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}. Provided: ${describeValue(issue.input)}.`
        : `must be one of ${issue.values.map(String).join(', ')}. Provided: ${describeValue(issue.input)}.`;
    case 'invalid_format':
      return `must be a valid ${issue.format}.`;
    case 'invalid_union':
      // For a discriminated union the wrong field is the discriminator, and its values are known.
      return 'options' in issue && Array.isArray(issue.options)
        ? `must be one of ${issue.options.map(String).join(', ')}.`
        : 'must have one of the documented forms.';
    default:
      return 'must have the documented form.';
  }
};

const isAboutWholeValue = (issue: Issue): boolean => issue.path.length === 0 && issue.code !== 'custom';

/** Replaces the issue of a union by the issues of the member that fits the type of the value, so that problems name the exact place. */
const flattenUnions = (issues: readonly Issue[], base: Path): Issue[] =>
  issues.flatMap((issue): Issue[] => {
    const path = [...base, ...issue.path];
    if (issue.code === 'invalid_union') {
      const fitting = issue.errors.filter((member) => member.length > 0 && !member.some(isWrongType));
      const member = fitting.length === 1 ? fitting[0] : fitting.find((one) => !one.some(isAboutWholeValue));
      if (member !== undefined) return flattenUnions(member, path);
    }
    return [{ ...issue, path }];
  });

const isWrongType = (issue: Issue): boolean => issue.path.length === 0 && issue.code === 'invalid_type';

const toSentence = (path: Path, message: string): string =>
  /^[A-Z]/.test(message) ? message : `${toDotted(path)} ${message}`;

const missingSentence = (path: Path): string => `You must supply ${toDotted(path)} in your request payload.`;

export interface IssueReading {
  readonly problems: readonly CodedProblem[];
  /** Unknown fields. */
  readonly unknown: readonly Path[];
  /** Places with a null that is not allowed. They count as absent. */
  readonly nulls: readonly Path[];
}

/** Turns the issues of a parsed value into problems. */
export const readIssues = (issues: readonly Issue[], value: unknown, base: string): IssueReading => {
  const problems: CodedProblem[] = [];
  const unknown: Path[] = [];
  const nulls: Path[] = [];
  for (const issue of flattenUnions(issues, [])) {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) unknown.push([...path, key]);
      continue;
    }
    const found = valueAt(value, path);
    if (found === null && path.length > 0) nulls.push(path);
    const isMissing = found === undefined && path.length > 0 && issue.code !== 'custom';
    const code = issue.code === 'custom' ? codeOf(issue.params) : isMissing ? 1 : 4;
    const message = isMissing ? missingSentence(path) : toSentence(path, issue.message);
    problems.push({ code, path, pointer: toPointer(path, base), message });
  }
  return { problems, unknown, nulls };
};

const codeOf = (params: Readonly<Record<string, unknown>> | undefined): ProblemCode => {
  const code = params?.['code'];
  return code === 1 || code === 2 ? code : 4;
};
