/**
 * The one way from an unknown value to a typed one: lists every problem, the lowest code decides, unknown fields become warnings or, when strict, problems.
 * A lawful value costs one pass for its characters and one for its schema; everything else happens only when something is wrong.
 */
import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { withoutPaths } from './edit.ts';
import { inspectJson } from './inspect.ts';
import { type Path, toDotted, toPointer } from './pointer.ts';
import { type CodedProblem, type ProblemCode, readIssues, sayIssue } from './problems.ts';

export interface ParseFailure {
  readonly ok: false;
  /** 1 ARGUMENT_MISSING, 2 EMPTY_BODY, 4 TYPE_MISMATCH. */
  readonly code: ProblemCode;
  /** The sentence for the answer: that of the first problem with the deciding code. */
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
  /** Stands before every pointer: empty for a body, `#/query` for a query string. */
  readonly base?: string;
  /** Problems found before, listed first. */
  readonly found?: readonly CodedProblem[];
}

const context = { error: sayIssue, reportInput: true };
const none: readonly never[] = [];

/** One value can break two rules with one sentence; and what is missing is missing once, in the words that came first. */
const withoutRepetition = (problems: readonly CodedProblem[]): CodedProblem[] => {
  const said = new Set<string>();
  return problems.filter(({ code, pointer, message }) => {
    const what = code === 1 ? pointer : `${code} ${pointer} ${message}`;
    const isNew = !said.has(what);
    said.add(what);
    return isNew;
  });
};

/** Makes the failure of a list of problems; the lowest code decides and stands first. */
export const failure = (problems: readonly CodedProblem[]): ParseFailure => {
  const sorted = withoutRepetition(problems).sort((a, b) => a.code - b.code);
  const first = sorted[0];
  if (first === undefined) throw new Error('A failure needs a problem.');
  return {
    ok: false,
    code: first.code,
    message: first.message,
    details: sorted.map(({ pointer, message }) => ({ pointer, message })),
  };
};

const refuseUnknown = (path: Path, base: string): CodedProblem => ({
  code: 4,
  path,
  pointer: toPointer(path, base),
  message: `${toDotted(path)} is not a field of this API; remove it or correct its name.`,
});

const warnUnknown = (path: Path, base: string): Problem => ({
  pointer: toPointer(path, base),
  message: `${toDotted(path)} is not a field of this API and was left out.`,
});

/** Parses a JSON value by a strict schema. Never throws on any JSON value. */
export const parseJson = <S extends z.ZodType>(
  schema: S,
  input: unknown,
  options: ParseOptions,
): ParseResult<z.output<S>> => {
  const base = options.base ?? '';
  const flaws = inspectJson(input);
  const found = options.found ?? none;
  // Without a context a parse is a third faster, and a lawful value needs no sentences.
  const first = schema.safeParse(input);
  if (first.success && flaws.length === 0 && found.length === 0) return { ok: true, value: first.data, warnings: none };

  const problems: CodedProblem[] = [
    ...found,
    ...flaws.map(
      ({ path, message }): CodedProblem => ({
        code: 4,
        path,
        pointer: toPointer(path, base),
        message: `${toDotted(path)} ${message}`,
      }),
    ),
  ];
  let result = first.success ? first : schema.safeParse(input, context);
  let unknown: readonly Path[] = none;
  if (!result.success) {
    // Unknown names and refused nulls are taken out and the rest is read again: what then remains are the problems.
    const reading = readIssues(result.error.issues, input, base);
    unknown = reading.unknown;
    const repairs = [...reading.unknown, ...reading.nulls];
    const repaired = repairs.length === 0 ? input : withoutPaths(input, repairs);
    if (repairs.length > 0) result = schema.safeParse(repaired, context);
    if (!result.success) problems.push(...readIssues(result.error.issues, repaired, base).problems);
  }
  if (options.strict) problems.push(...unknown.map((path) => refuseUnknown(path, base)));
  if (problems.length > 0 || !result.success) return failure(problems);
  return { ok: true, value: result.data, warnings: unknown.map((path) => warnUnknown(path, base)) };
};

/** Parses the JSON body of a management request: unknown fields are problems. Fields that may be null keep it; elsewhere null counts as absent. */
export const parseBody = <S extends z.ZodType>(schema: S, body: unknown): ParseResult<z.output<S>> =>
  parseJson(schema, body === undefined ? {} : body, { strict: true });

/** Parses a query string that was read into an object: unknown parameters are problems. */
export const parseQuery = <S extends z.ZodType>(schema: S, query: unknown): ParseResult<z.output<S>> =>
  parseJson(schema, query, { strict: true, base: '#/query' });
