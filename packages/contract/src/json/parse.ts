/**
 * Validates an unknown value and returns a typed one. Lists every problem; the lowest code decides. Unknown fields become warnings or, when strict,
 * problems. A valid value is read twice: once for its characters, once by its schema. Everything else happens only for invalid values.
 */
import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { type Flaw, inspectJson } from './inspect.ts';
import { type Path, toDotted, toPointer } from './pointer.ts';
import { type CodedProblem, describeIssue, type ProblemCode, readIssues } from './problems.ts';
import { withoutPaths } from './without-paths.ts';

export interface ParseFailure {
  readonly ok: false;
  /** 1 ARGUMENT_MISSING, 2 EMPTY_BODY, 4 TYPE_MISMATCH. */
  readonly code: ProblemCode;
  /** The sentence of the answer: the message of the first problem with this code. */
  readonly message: string;
  readonly details: readonly Problem[];
}

export interface ParseSuccess<T> {
  readonly ok: true;
  readonly value: T;
  readonly warnings: readonly Problem[];
}

export type ParseResult<T> = ParseSuccess<T> | ParseFailure;

export interface ParseOptions {
  /** Unknown fields are problems of code 4 instead of warnings. */
  readonly strict: boolean;
  /** The prefix of every pointer: empty for a body, `#/query` for a query string. */
  readonly base?: string;
  /** Problems that were found before; listed first. */
  readonly found?: readonly CodedProblem[];
}

const context = { error: describeIssue, reportInput: true };
const none: readonly never[] = [];

/** Removes repeated problems: two rules can have the same sentence, and a missing field is reported only once, with the first sentence. */
const removeDuplicates = (problems: readonly CodedProblem[]): CodedProblem[] => {
  const known = new Set<string>();
  return problems.filter(({ code, pointer, message }) => {
    const identity = code === 1 ? pointer : `${code} ${pointer} ${message}`;
    const isNew = !known.has(identity);
    known.add(identity);
    return isNew;
  });
};

/** Makes a failure from problems. The lowest code decides, and its problems come first. */
export const failWith = (problems: readonly CodedProblem[]): ParseFailure => {
  const sorted = removeDuplicates(problems).sort((a, b) => a.code - b.code);
  const first = sorted[0];
  if (first === undefined) throw new Error('A failure needs a problem.');
  return {
    ok: false,
    code: first.code,
    message: first.message,
    details: sorted.map(({ pointer, message }) => ({ pointer, message })),
  };
};

const unknownFieldProblem = (path: Path, base: string): CodedProblem => ({
  code: 4,
  path,
  pointer: toPointer(path, base),
  message: `${toDotted(path)} is not a field of this API; remove it or correct its name.`,
});

const unknownFieldWarning = (path: Path, base: string): Problem => ({
  pointer: toPointer(path, base),
  message: `${toDotted(path)} is not a field of this API and was ignored.`,
});

const problemsOf = (flaws: readonly Flaw[], base: string): readonly CodedProblem[] =>
  flaws.map(({ path, message }) => ({
    code: 4,
    path,
    pointer: toPointer(path, base),
    message: `${toDotted(path)} ${message}`,
  }));

/** Parses a JSON value with a strict schema. A value that is nested too deeply is refused for that alone. Never throws. */
export const parseJson = <S extends z.ZodType>(
  schema: S,
  input: unknown,
  options: ParseOptions,
): ParseResult<z.output<S>> => {
  const base = options.base ?? '';
  const flaws = inspectJson(input);
  const found = options.found ?? none;
  // A check of a schema may read its whole value, as far down as it goes.
  if (flaws.some(({ isTooDeep }) => isTooDeep)) return failWith([...found, ...problemsOf(flaws, base)]);
  // A parse without error messages is a third faster, and a valid value needs none.
  const first = schema.safeParse(input);
  if (first.success && flaws.length === 0 && found.length === 0) return { ok: true, value: first.data, warnings: none };

  const problems: CodedProblem[] = [...found, ...problemsOf(flaws, base)];
  let result = first.success ? first : schema.safeParse(input, context);
  let unknown: readonly Path[] = none;
  if (!result.success) {
    // Unknown fields and nulls that are not allowed are removed, and the rest is parsed again for the real problems.
    const reading = readIssues(result.error.issues, input, base);
    unknown = reading.unknown;
    const repairs = [...reading.unknown, ...reading.nulls];
    const repaired = repairs.length === 0 ? input : withoutPaths(input, repairs);
    if (repairs.length > 0) result = schema.safeParse(repaired, context);
    if (!result.success) problems.push(...readIssues(result.error.issues, repaired, base).problems);
  }
  if (options.strict) problems.push(...unknown.map((path) => unknownFieldProblem(path, base)));
  if (problems.length > 0 || !result.success) return failWith(problems);
  return { ok: true, value: result.data, warnings: unknown.map((path) => unknownFieldWarning(path, base)) };
};

/** Parses the JSON body of a management request. Unknown fields are problems. Null counts as absent where a field may not be null. */
export const parseBody = <S extends z.ZodType>(schema: S, body: unknown): ParseResult<z.output<S>> =>
  parseJson(schema, body === undefined ? {} : body, { strict: true });

/** Parses the parameters of a query string. Unknown parameters are problems. */
export const parseQuery = <S extends z.ZodType>(schema: S, query: unknown): ParseResult<z.output<S>> =>
  parseJson(schema, query, { strict: true, base: '#/query' });
