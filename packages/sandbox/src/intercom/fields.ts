import {
  type Fields,
  isBoolean,
  isFields,
  isList,
  isString,
  optionalValue,
  parseJsonObject,
} from '../inbox-server/fields.ts';
import { IntercomRefusal, invalid, missing } from './refusal.ts';

/** The JSON object in a raw request body; an empty body is an empty object. */
export const parseBody = (raw: unknown): Fields =>
  parseJsonObject(raw, {
    malformed: () =>
      new IntercomRefusal(400, 'bad_request', "bad 'Content-Type' or malformed JSON in the request body"),
    notAnObject: () => invalid('The request body must be a JSON object'),
  });

export const optionalString = (fields: Fields, name: string): string | undefined =>
  optionalValue(fields, name, isString, () => invalid(`${name} must be a string`));

export function requiredString(fields: Fields, name: string): string {
  const value = optionalString(fields, name);
  if (value === undefined || value === '') throw missing(`${name} is required`);
  return value;
}

const isInteger = (value: unknown): value is number => Number.isInteger(value);

export const optionalInteger = (fields: Fields, name: string): number | undefined =>
  optionalValue(fields, name, isInteger, () => invalid(`${name} must be an integer`));

export const optionalBoolean = (fields: Fields, name: string): boolean | undefined =>
  optionalValue(fields, name, isBoolean, () => invalid(`${name} must be a boolean`));

export const optionalFields = (fields: Fields, name: string): Fields | undefined =>
  optionalValue(fields, name, isFields, () => invalid(`${name} must be an object`));

export function requiredFields(fields: Fields, name: string): Fields {
  const value = optionalFields(fields, name);
  if (value === undefined) throw missing(`${name} is required`);
  return value;
}

/** An absent list is an empty one. */
export function optionalList(fields: Fields, name: string, maximum: number): readonly unknown[] {
  const value = optionalValue(fields, name, isList, () => invalid(`${name} must be an array`)) ?? [];
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

/** Intercom: for a message or comment without text the answer is 400 `Body is required`. */
export function requiredBody(fields: Fields): string {
  const body = optionalString(fields, 'body');
  if (body === undefined || body.trim() === '') throw invalid('Body is required');
  return body;
}
