import { z } from 'zod';

/** The path of a field in a request body. `*` stands for every element of a list, and for every key of a record. */
export type FieldPath = readonly string[];

/** A field of a schema, with what its own schema says about it. */
export interface SchemaField {
  readonly path: FieldPath;
  readonly schema: z.ZodType;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Every text field in a schema, however deep: in objects, lists, records, and all options of a union. */
export function textFieldsOf(schema: z.ZodType): readonly SchemaField[] {
  return walk(schema, [], {});
}

/** The paths of the fields that name a place to call. */
export const addressFieldsOf = (schema: z.ZodType): readonly FieldPath[] => {
  const paths = textFieldsOf(schema).flatMap(({ path, meta }) => (meta['address'] === true ? [path] : []));
  return [...new Map(paths.map((path) => [path.join('/'), path])).values()];
};

function walk(schema: unknown, path: FieldPath, outer: SchemaField['meta']): readonly SchemaField[] {
  if (!(schema instanceof z.ZodType)) return [];
  const meta = { ...outer, ...schema.meta() };
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).flatMap(([name, field]) => walk(field, [...path, name], {}));
    return [...fields, ...walk(schema.def.catchall, [...path, '*'], {})];
  }
  if (schema instanceof z.ZodArray) return walk(schema.element, [...path, '*'], {});
  if (schema instanceof z.ZodRecord) return walk(schema.valueType, [...path, '*'], {});
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.flatMap((option) => walk(option, path, meta));
  }
  if (schema instanceof z.ZodIntersection)
    return [...walk(schema.def.left, path, meta), ...walk(schema.def.right, path, meta)];
  if (schema instanceof z.ZodPipe) return [...walk(schema.def.in, path, meta), ...walk(schema.def.out, path, meta)];
  if (schema instanceof z.ZodLazy)
    throw new Error(`the field ${path.join('.')} has a schema that is not known before it is used`);
  const inner = innerOf(schema);
  if (inner !== null) return walk(inner, path, meta);
  return isText(schema) ? [{ path, schema, meta }] : [];
}

const innerOf = (schema: z.ZodType): unknown =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodPrefault ||
  schema instanceof z.ZodReadonly ||
  schema instanceof z.ZodCatch ||
  schema instanceof z.ZodNonOptional
    ? schema.def.innerType
    : null;

const isText = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodString ||
  schema instanceof z.ZodStringFormat ||
  schema instanceof z.ZodAny ||
  schema instanceof z.ZodUnknown ||
  schema instanceof z.ZodCustom;
