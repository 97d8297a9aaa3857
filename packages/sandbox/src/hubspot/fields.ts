import {
  type Fields,
  isBoolean,
  isFields,
  isList,
  isString,
  optionalValue,
  parseJsonObject,
} from '../inbox-server/fields.ts';
import { invalid, missing } from './refusal.ts';

/** The JSON object in a raw request body; an empty body is an empty object. */
export const parseBody = (raw: unknown): Fields =>
  parseJsonObject(raw, {
    malformed: () => invalid('Invalid input JSON: the body could not be parsed'),
    notAnObject: () => invalid('Invalid input JSON: the body must be an object'),
  });

/** Refuses a body in which required fields are absent or null. The refusal lists all of them. */
export function requireAll(fields: Fields, names: readonly string[]): void {
  const absent = names.filter((name) => fields[name] === undefined || fields[name] === null);
  if (absent.length > 0) throw missing(...absent);
}

type Guard<Value> = (value: unknown) => value is Value;

const wrongType = (name: string, type: string) => invalid(`Invalid input JSON: ${name} must be ${type}`);

function required<Value>(fields: Fields, name: string, isValue: Guard<Value>, type: string): Value {
  const value = optionalValue(fields, name, isValue, () => wrongType(name, type));
  if (value === undefined) throw missing(name);
  return value;
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);

export const optionalText = (fields: Fields, name: string): string | undefined =>
  optionalValue(fields, name, isString, () => wrongType(name, 'a string'));

export const optionalFlag = (fields: Fields, name: string): boolean | undefined =>
  optionalValue(fields, name, isBoolean, () => wrongType(name, 'a boolean'));

export const text = (fields: Fields, name: string): string => required(fields, name, isString, 'a string');
export const number = (fields: Fields, name: string): number => required(fields, name, isNumber, 'a number');
export const list = (fields: Fields, name: string): readonly unknown[] => required(fields, name, isList, 'an array');
export const object = (fields: Fields, name: string): Fields => required(fields, name, isFields, 'an object');

export function objects(fields: Fields, name: string): readonly Fields[] {
  return list(fields, name).map((item) => {
    if (!isFields(item)) throw wrongType(name, 'an array of objects');
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
