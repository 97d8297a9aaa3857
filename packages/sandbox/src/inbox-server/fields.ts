/** A parsed JSON object whose fields are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isString = (value: unknown): value is string => typeof value === 'string';
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** The JSON object in a raw request body; an empty body is an empty object. Throws what `refuse` makes. */
export function parseJsonObject(
  raw: unknown,
  refuse: { readonly malformed: () => Error; readonly notAnObject: () => Error },
): Fields {
  if (!Buffer.isBuffer(raw) || raw.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw refuse.malformed();
  }
  if (!isFields(value)) throw refuse.notAnObject();
  return value;
}

/** The value of a field; undefined where it is absent or null. Throws what `refuse` makes of a wrong type. */
export function optionalValue<Value>(
  fields: Fields,
  name: string,
  isValue: (value: unknown) => value is Value,
  refuse: () => Error,
): Value | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!isValue(value)) throw refuse();
  return value;
}

/** The fields that are strings: for the parameters of a path or a query. */
export function stringFields(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isFields(value) ? value : {}).flatMap(([name, item]) =>
      typeof item === 'string' ? [[name, item] as const] : [],
    ),
  );
}
