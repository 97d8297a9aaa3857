import type { FieldPath, OperationSpec } from '@chatferry/contract';

/** Values for the text fields of requests, by their names. A field without one gets a plain word. */
export type TextOf = (name: string) => string;

/**
 * Bodies for an operation, made from its schema: with the required fields only, with all fields, and with all but one optional field;
 * for each kind in a union. A field whose value does not fit its schema is left out, if it may be.
 */
export function bodiesOf({ body }: OperationSpec, textOf: TextOf): readonly unknown[] {
  if (body === undefined) return [];
  return [...samplesOf(body, '', textOf, 'required'), ...samplesOf(body, '', textOf, 'all')].flatMap((sample) => [
    sample,
    ...withoutOne(sample),
  ]);
}

/** The body with `value` at `path`; null if there is no object to hold it. `*` stands for the first element. */
export function withValueAt(body: unknown, [step, ...rest]: FieldPath, value: unknown): unknown {
  if (step === undefined) return value;
  if (step === '*' && Array.isArray(body)) return body.map((inner) => withValueAt(inner, rest, value));
  if (typeof body !== 'object' || body === null) return null;
  const key = step;
  return { ...body, [key]: withValueAt(Reflect.get(body, key) ?? (rest.length > 0 ? {} : undefined), rest, value) };
}

/** Every URL in the body replaced by `url`. */
export function withUrls(body: unknown, url: string): unknown {
  if (typeof body === 'string') return /^https?:\/\//.test(body) ? url : body;
  if (Array.isArray(body)) return body.map((inner) => withUrls(inner, url));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, inner]) => [name, withUrls(inner, url)]));
}

/** Copies of an object, each without one of the fields, also of the fields of the objects in it. */
function withoutOne(sample: unknown): readonly unknown[] {
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample)) return [];
  const entries = Object.entries(sample);
  return entries.flatMap(([name, inner]) => [
    Object.fromEntries(entries.filter(([other]) => other !== name)),
    ...withoutOne(inner).map((less) => ({ ...sample, [name]: less })),
  ]);
}

type Extent = 'required' | 'all';

type Schema = NonNullable<OperationSpec['body']>;

/** What zod tells about a schema; each type of schema has some of these. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly options?: readonly Schema[];
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly in?: Schema;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

const definitionOf = (schema: Schema): Definition => schema.def as Definition;

const isOptional = (schema: Schema): boolean => ['optional', 'default', 'prefault'].includes(definitionOf(schema).type);

function samplesOf(schema: Schema, name: string, textOf: TextOf, extent: Extent): readonly unknown[] {
  const { type, shape, options, innerType, element, in: input, values, entries } = definitionOf(schema);
  if (shape !== undefined) return objectsOf(shape, textOf, extent);
  if (options !== undefined) return options.flatMap((option) => samplesOf(option, name, textOf, extent));
  if (isOptional(schema) && extent === 'required') return [undefined];
  const inner = innerType ?? input;
  if (inner !== undefined) return samplesOf(inner, name, textOf, extent);
  if (element !== undefined) return samplesOf(element, name, textOf, extent).map((one) => [one]);
  const [first] = values ?? Object.values(entries ?? {});
  if (first !== undefined) return [first];
  return [type === 'boolean' ? true : type === 'number' ? 1 : textOf(name)];
}

function objectsOf(shape: Readonly<Record<string, Schema>>, textOf: TextOf, extent: Extent): readonly unknown[] {
  const fields = Object.entries(shape).map(
    ([name, field]) => [name, field, samplesOf(field, name, textOf, extent)] as const,
  );
  const count = Math.max(1, ...fields.map(([, , samples]) => samples.length));
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      fields.flatMap(([name, field, samples]) => {
        const value = samples[index % samples.length];
        const isLeftOut = value === undefined || (isOptional(field) && !field.safeParse(value).success);
        return isLeftOut ? [] : [[name, value]];
      }),
    ),
  );
}
