import { invalid, missing } from './refusal.ts';

/** A parsed JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parseFields(raw: unknown): Fields {
  if (!Buffer.isBuffer(raw) || raw.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw invalid('Invalid input JSON: the body could not be parsed');
  }
  if (!isFields(value)) throw invalid('Invalid input JSON: the body must be an object');
  return value;
}

/** Refuses a body in which required fields are absent or null, naming all of them. */
export function requireAll(fields: Fields, names: readonly string[]): void {
  const absent = names.filter((name) => fields[name] === undefined || fields[name] === null);
  if (absent.length > 0) throw missing(...absent);
}

export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(`Invalid input JSON: ${name} must be a string`);
  return value;
}

export function text(fields: Fields, name: string): string {
  const value = optionalText(fields, name);
  if (value === undefined) throw missing(name);
  return value;
}

export function optionalFlag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'boolean') throw invalid(`Invalid input JSON: ${name} must be a boolean`);
  return value;
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (value === undefined || value === null) throw missing(name);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw invalid(`Invalid input JSON: ${name} must be a number`);
  }
  return value;
}

export function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (value === undefined || value === null) throw missing(name);
  if (!Array.isArray(value)) throw invalid(`Invalid input JSON: ${name} must be an array`);
  return value;
}

export function object(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (value === undefined || value === null) throw missing(name);
  if (!isFields(value)) throw invalid(`Invalid input JSON: ${name} must be an object`);
  return value;
}

export function objects(fields: Fields, name: string): readonly Fields[] {
  return list(fields, name).map((item) => {
    if (!isFields(item)) throw invalid(`Invalid input JSON: ${name} must be an array of objects`);
    return item;
  });
}

export function choice<Choice extends string>(fields: Fields, name: string, choices: readonly Choice[]): Choice {
  const value = text(fields, name);
  const known = choices.find((candidate) => candidate === value);
  if (known === undefined) {
    throw invalid(`Invalid input JSON: ${name} was '${value}', must be one of [${choices.join(', ')}]`);
  }
  return known;
}
