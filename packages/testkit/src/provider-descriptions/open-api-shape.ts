import { anyShape, choiceOf, type Field, joinShapes, nullShape, type Shape, type ShapeNames } from './shape.ts';

/** A schema of an OpenAPI 3.0 description. */
export type OpenApiSchema = Readonly<Record<string, unknown>>;

const scalarWords = ['type', 'enum', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'pattern'] as const;
/** Formats that say how long a number is, or nothing that can be checked. */
const idleFormats = new Set(['int32', 'int64', 'float', 'double', 'binary', 'byte', 'password', 'timestamp']);
/** An id of Intercom has 24 hexadecimal digits; its description calls one a UUID. */
const idLength = 24;

/**
 * The shape that a schema of OpenAPI 3.0 describes. An object that names its fields has no others, unless it says so:
 * a field that a description does not have is either a mistake or worth an exception with its source.
 */
export function openApiShape(schema: OpenApiSchema, named: ShapeNames): Shape {
  const shape = [...partsOf(schema, named)].reduce((left, right) => joinShapes(left, right, named), anyShape);
  const isNullable = schema['nullable'] === true && shape.kind !== 'any';
  return isNullable ? choiceOf([shape, nullShape]) : shape;
}

function* partsOf(schema: OpenApiSchema, named: ShapeNames): Generator<Shape> {
  const reference = schema['$ref'];
  if (typeof reference === 'string') yield { kind: 'named', name: reference.split('/').at(-1) ?? '' };
  const own = ownShape(schema, named);
  if (own) yield own;
  for (const part of schemasIn(schema['allOf'])) yield openApiShape(part, named);
  for (const word of ['oneOf', 'anyOf'] as const) {
    const choices = schemasIn(schema[word]).map((choice) => openApiShape(choice, named));
    if (choices.length > 0) yield choiceOf(choices);
  }
}

function ownShape(schema: OpenApiSchema, named: ShapeNames): Shape | undefined {
  const { type } = schema;
  const properties = schema['properties'];
  if (type === 'array') {
    const { minItems, maxItems } = schema as { readonly minItems?: number; readonly maxItems?: number };
    const limits = { ...(minItems === undefined ? {} : { minItems }), ...(maxItems === undefined ? {} : { maxItems }) };
    return { kind: 'list', items: openApiShape((schema['items'] ?? {}) as OpenApiSchema, named), limits };
  }
  if (properties !== undefined || schema['required'] !== undefined || type === 'object')
    return objectShape(schema, named);
  const scalar = scalarSchema(schema);
  return Object.keys(scalar).length === 0 ? undefined : { kind: 'scalar', schema: scalar };
}

function objectShape(schema: OpenApiSchema, named: ShapeNames): Shape {
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  const fields = new Map<string, Field>();
  for (const [name, field] of Object.entries((schema['properties'] ?? {}) as Record<string, OpenApiSchema>))
    fields.set(name, { shape: openApiShape(field, named), isRequired: required.has(name) });
  for (const name of required) if (!fields.has(name)) fields.set(name, { shape: anyShape, isRequired: true });
  const others = schema['additionalProperties'];
  if (typeof others === 'object' && others !== null)
    return { kind: 'object', fields, others: openApiShape(others as OpenApiSchema, named) };
  const isOpen = others === true || (fields.size === 0 && others !== false);
  return { kind: 'object', fields, others: isOpen ? anyShape : 'none' };
}

function scalarSchema(schema: OpenApiSchema): OpenApiSchema {
  const kept = Object.fromEntries(
    scalarWords.flatMap((word) => (schema[word] === undefined ? [] : [[word, schema[word]] as const])),
  );
  const format = kept['format'];
  if (idleFormats.has(String(format)) || (format === 'uuid' && kept['maxLength'] === idLength)) delete kept['format'];
  return kept;
}

const schemasIn = (value: unknown): readonly OpenApiSchema[] =>
  Array.isArray(value) ? (value as readonly OpenApiSchema[]) : [];
