import { invalid, missing, Refusal } from './refusal.ts';

/** A parsed JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object in a raw request body; an empty body is an empty object. */
export function parseFields(raw: unknown): Fields {
  if (!Buffer.isBuffer(raw) || raw.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Refusal(400, 'bad_request', "bad 'Content-Type' or malformed JSON in the request body");
  }
  if (!isFields(value)) throw invalid('The request body must be a JSON object');
  return value;
}

/** Absent and null are the same: Intercom treats a null as not given. */
function given(fields: Fields, name: string): unknown {
  return fields[name] ?? undefined;
}

export function optionalString(fields: Fields, name: string): string | undefined {
  const value = given(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  return value;
}

export function requiredString(fields: Fields, name: string): string {
  const value = optionalString(fields, name);
  if (value === undefined || value === '') throw missing(`${name} is required`);
  return value;
}

export function optionalInteger(fields: Fields, name: string): number | undefined {
  const value = given(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid(`${name} must be an integer`);
  return value;
}

export function optionalBoolean(fields: Fields, name: string): boolean | undefined {
  const value = given(fields, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'boolean') throw invalid(`${name} must be a boolean`);
  return value;
}

export function optionalFields(fields: Fields, name: string): Fields | undefined {
  const value = given(fields, name);
  if (value === undefined) return undefined;
  if (!isFields(value)) throw invalid(`${name} must be an object`);
  return value;
}

export function requiredFields(fields: Fields, name: string): Fields {
  const value = optionalFields(fields, name);
  if (value === undefined) throw missing(`${name} is required`);
  return value;
}

export function optionalList(fields: Fields, name: string, maximum: number): readonly unknown[] {
  const value = given(fields, name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`${name} must be an array`);
  if (value.length > maximum) throw invalid(`${name} must not have more than ${maximum} items`);
  return value;
}

export function optionalChoice<Choice extends string>(
  fields: Fields,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = optionalString(fields, name);
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw invalid(`${name} '${value}' is not valid. Must be one of: ${choices.join(', ')}`);
  return choice;
}

export function requiredChoice<Choice extends string>(
  fields: Fields,
  name: string,
  choices: readonly Choice[],
): Choice {
  const choice = optionalChoice(fields, name, choices);
  if (choice === undefined) throw missing(`${name} is required`);
  return choice;
}

/** Intercom: a message or comment without text is 400 `Body is required`. */
export function requiredBody(fields: Fields): string {
  const body = optionalString(fields, 'body');
  if (body === undefined || body.trim() === '') throw invalid('Body is required');
  return body;
}
