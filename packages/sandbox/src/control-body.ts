import { ControlError } from './control-error.ts';

/** The JSON object in a control request; an absent body is an empty object. */
export type ControlBody = Readonly<Record<string, unknown>>;

export function controlBody(body: unknown): ControlBody {
  if (body === undefined || body === null) return {};
  if (isObject(body)) return body;
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

export const optionalTextIn = (body: ControlBody, name: string): string | undefined =>
  optionalIn(body, name, isText, 'a string');

export const optionalTextsIn = (body: ControlBody, name: string): readonly string[] | undefined =>
  optionalIn(body, name, isTexts, 'a list of strings');

export const optionalBooleanIn = (body: ControlBody, name: string): boolean | undefined =>
  optionalIn(body, name, isBoolean, 'true or false');

export const optionalObjectIn = (body: ControlBody, name: string): ControlBody | undefined =>
  optionalIn(body, name, isObject, 'an object');

export const optionalListIn = <Item>(
  body: ControlBody,
  name: string,
  read: (item: ControlBody) => Item,
): readonly Item[] | undefined => optionalIn(body, name, isObjects, 'a list of objects')?.map(read);

function optionalIn<Value>(
  body: ControlBody,
  name: string,
  isValue: (value: unknown) => value is Value,
  type: string,
): Value | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || isValue(value)) return value;
  throw new ControlError(400, `Give "${name}" as ${type}.`);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isObject = (value: unknown): value is ControlBody =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isObjects = (value: unknown): value is readonly ControlBody[] => Array.isArray(value) && value.every(isObject);
