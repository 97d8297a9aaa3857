import { ControlError } from './control-error.ts';

/** The JSON object that a control request carries; an absent body is an empty one. */
export type ControlBody = Readonly<Record<string, unknown>>;

export function controlBody(body: unknown): ControlBody {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as ControlBody;
  throw new ControlError(400, 'Send a JSON object as the body.');
}

export function integerIn(body: ControlBody, name: string): number {
  const value = optionalIntegerIn(body, name);
  if (value === undefined) throw new ControlError(400, `Give "${name}" as an integer.`);
  return value;
}

/** Accepts digits in a string too, since path and query parts are strings. */
export function optionalIntegerIn(body: ControlBody, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new ControlError(400, `Give "${name}" as an integer.`);
}

export function numberIn(body: ControlBody, name: string): number {
  const value = body[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new ControlError(400, `Give "${name}" as a number.`);
}

export function textIn(body: ControlBody, name: string): string {
  const value = optionalTextIn(body, name);
  if (value === undefined) throw new ControlError(400, `Give "${name}" as a string.`);
  return value;
}

export function optionalTextIn(body: ControlBody, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new ControlError(400, `Give "${name}" as a string.`);
}

export function optionalTextsIn(body: ControlBody, name: string): readonly string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new ControlError(400, `Give "${name}" as a list of strings.`);
}

export function optionalBooleanIn(body: ControlBody, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new ControlError(400, `Give "${name}" as true or false.`);
}

export function optionalObjectIn(body: ControlBody, name: string): ControlBody | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as ControlBody;
  throw new ControlError(400, `Give "${name}" as an object.`);
}
