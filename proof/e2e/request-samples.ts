import type { FieldPath, OperationSpec } from '@chatferry/contract';
import { z } from 'zod';

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

function samplesOf(schema: unknown, name: string, textOf: TextOf, extent: Extent): readonly unknown[] {
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => samplesOf(option, name, textOf, extent));
  }
  if (schema instanceof z.ZodObject) return objectsOf(schema, textOf, extent);
  if (isOptional(schema))
    return extent === 'required' ? [undefined] : samplesOf(schema.def.innerType, name, textOf, extent);
  if (schema instanceof z.ZodNullable) return samplesOf(schema.def.innerType, name, textOf, extent);
  if (schema instanceof z.ZodPipe) return samplesOf(schema.def.in, name, textOf, extent);
  if (schema instanceof z.ZodArray) return samplesOf(schema.element, name, textOf, extent).map((one) => [one]);
  if (schema instanceof z.ZodLiteral) return [schema.value];
  if (schema instanceof z.ZodEnum) return [schema.options[0]];
  if (schema instanceof z.ZodBoolean) return [true];
  if (schema instanceof z.ZodNumber) return [1];
  return [textOf(name)];
}

function isOptional(schema: unknown): schema is z.ZodOptional | z.ZodDefault {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
}

function objectsOf(schema: z.ZodObject, textOf: TextOf, extent: Extent): readonly unknown[] {
  const fields = Object.entries(schema.shape).map(
    ([name, field]) => [name, field, samplesOf(field, name, textOf, extent)] as const,
  );
  const count = Math.max(1, ...fields.map(([, , samples]) => samples.length));
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      fields.flatMap(([name, field, samples]) => {
        const value = samples[index % samples.length];
        const fits = field instanceof z.ZodType && field.safeParse(value).success;
        return value === undefined || (isOptional(field) && !fits) ? [] : [[name, value]];
      }),
    ),
  );
}
