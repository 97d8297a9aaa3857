import { BotApiError, badRequest } from './errors.ts';
import { readMultipart, type UploadedFile } from './multipart.ts';

/**
 * The arguments of one call. Telegram: every argument is text; nested values are JSON, or a string that contains JSON.
 */
export interface Parameters {
  has(name: string): boolean;
  /** The argument as text, `''` when absent; a JSON value other than a string is its JSON text. */
  text(name: string): string;
  /**
   * The argument as JSON; `undefined` when absent or empty. A string that is not JSON is refused with the message
   * `malformed`.
   */
  json(name: string, malformed: string): unknown;
  /** Telegram: a value that is not a number is read as `otherwise`, and numbers are clamped to the range. */
  integer(name: string, otherwise: number, min?: number, max?: number): number;
  /** Telegram: `true`, `yes` and `1`, in upper or lower case. */
  boolean(name: string): boolean;
  file(name: string): UploadedFile | undefined;
  /** All arguments without files, as they arrived. */
  values(): Readonly<Record<string, unknown>>;
  files(): ReadonlyMap<string, UploadedFile>;
}

/** Telegram: all parameters without files can have 1 MiB together. */
const parametersLimitBytes = 1 << 20;

/** Telegram: a body of an unknown type, or one that cannot be parsed, is a call without arguments, not an error. */
export function readParameters(query: string, contentType: string, body: unknown): Parameters {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let files: ReadonlyMap<string, UploadedFile> | undefined;
  if (query !== '') addForm(values, query);
  if (Buffer.isBuffer(body) && body.length > 0) {
    const type = contentType.toLowerCase();
    if (type.includes('multipart/form-data')) {
      const parts = readMultipart(contentType, body);
      files = parts.files;
      for (const [name, value] of parts.fields) values[name] ??= value;
    } else {
      if (body.length > parametersLimitBytes)
        throw new BotApiError(413, 'Request Entity Too Large: too many parameters');
      if (type.includes('application/json')) addJson(values, body);
      else if (type.includes('application/x-www-form-urlencoded')) addForm(values, body.toString('utf8'));
    }
  }
  return parametersOf(values, files);
}

/** Arguments from plain values, for a method in the answer of a webhook. */
export function parametersOf(
  values: Readonly<Record<string, unknown>>,
  files?: ReadonlyMap<string, UploadedFile>,
): Parameters {
  const text = (name: string): string => {
    const value = values[name];
    return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  };
  return {
    has: (name) => values[name] !== undefined || files?.has(name) === true,
    text,
    json(name, malformed) {
      const value = values[name];
      if (value === undefined || value === '') return undefined;
      return typeof value === 'string' ? parseOr(value, malformed) : value;
    },
    integer(name, otherwise, min = -(2 ** 31), max = 2 ** 31 - 1) {
      const given = text(name).trim();
      const value = /^[-+]?\d+$/.test(given) ? Number(given) : otherwise;
      return Math.min(max, Math.max(min, value));
    },
    boolean: (name) => /^(true|yes|1)$/i.test(text(name)),
    file: (name) => files?.get(name),
    values: () => ({ ...values }),
    files: () => files ?? new Map(),
  };
}

function parseOr(value: string, malformed: string): unknown {
  try {
    return JSON.parse(value);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw badRequest(malformed);
    throw cause;
  }
}

function addJson(values: Record<string, unknown>, body: Buffer): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) return;
    throw cause;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return;
  for (const [name, value] of Object.entries(parsed)) values[name] ??= value;
}

function addForm(values: Record<string, unknown>, form: string): void {
  for (const [name, value] of new URLSearchParams(form)) values[name] ??= value;
}
