/** A JSON object. Its fields are read with the error messages of Telegram. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A wrong field. The caller adds its own "Can't parse …: " before the message. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const hasField = (object: JsonObject, name: string): boolean => Object.hasOwn(object, name);

const mustBe = (name: string, type: string) => new FieldError(`Field "${name}" must be of type ${type}`);

const missing = (name: string) => new FieldError(`Can't find field "${name}"`);

/** Telegram: a number is accepted instead of a string, `null` is not. `''` when absent. */
export function optionalString(object: JsonObject, name: string): string {
  if (!hasField(object, name)) return '';
  const value = object[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw mustBe(name, 'String');
}

export function requiredString(object: JsonObject, name: string): string {
  if (!hasField(object, name)) throw missing(name);
  return optionalString(object, name);
}

export function optionalBoolean(object: JsonObject, name: string): boolean {
  if (!hasField(object, name)) return false;
  const value = object[name];
  if (typeof value === 'boolean') return value;
  throw mustBe(name, 'Boolean');
}

/** Telegram: an integer can also be given as a string. */
export function requiredInteger(object: JsonObject, name: string): number {
  if (!hasField(object, name)) throw missing(name);
  const value = object[name];
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'string' && /^[-+]?\d+$/.test(value)) return Number(value);
  throw typeof value === 'number' || typeof value === 'string'
    ? new FieldError(`Field "${name}" must be a valid Number`)
    : mustBe(name, 'Number');
}

export function optionalArray(object: JsonObject, name: string): readonly unknown[] {
  if (!hasField(object, name)) return [];
  const value = object[name];
  if (Array.isArray(value)) return value;
  throw mustBe(name, 'Array');
}

export function requiredObject(object: JsonObject, name: string): JsonObject {
  if (!hasField(object, name)) throw missing(name);
  const value = object[name];
  if (isJsonObject(value)) return value;
  throw mustBe(name, 'Object');
}
