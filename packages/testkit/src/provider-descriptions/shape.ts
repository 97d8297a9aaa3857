/** What a description says about a value. OpenAPI schemas and TypeScript declarations both become shapes. */
export type Shape = AnyShape | ScalarShape | NamedShape | ListShape | ObjectShape | ChoiceShape;

interface AnyShape {
  readonly kind: 'any';
}

export interface ScalarShape {
  readonly kind: 'scalar';
  /** A JSON schema of a value without parts. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A shape that the description names, so that shapes can contain themselves. */
export interface NamedShape {
  readonly kind: 'named';
  readonly name: string;
}

export interface ListShape {
  readonly kind: 'list';
  readonly items: Shape;
  /** The limits of its length, as JSON schema has them. */
  readonly limits: Readonly<Record<string, unknown>>;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Field>;
  /** The shape of fields without a name in the description; `none` where there can be no others. */
  readonly others: Shape | 'none';
}

export interface Field {
  readonly shape: Shape;
  readonly isRequired: boolean;
}

/** One of several shapes. */
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly shapes: readonly Shape[];
}

/** The shapes that a description names. */
export type ShapeNames = (name: string) => Shape;

export const anyShape: Shape = { kind: 'any' };
export const nullShape: Shape = { kind: 'scalar', schema: { type: 'null' } };
/** Of a field that is never there. */
export const absentShape: Shape = { kind: 'scalar', schema: { not: {} } };

export const choiceOf = (shapes: readonly Shape[]): Shape => {
  const [first, ...rest] = shapes;
  return first !== undefined && rest.length === 0 ? first : { kind: 'choice', shapes };
};

/** The shape of values that have both shapes. */
export function joinShapes(left: Shape, right: Shape, named: ShapeNames): Shape {
  if (left.kind === 'any') return right;
  if (right.kind === 'any') return left;
  if (left === absentShape || right === absentShape) return absentShape;
  if (left.kind === 'named' && right.kind === 'named' && left.name === right.name) return left;
  if (left.kind === 'named') return joinShapes(named(left.name), right, named);
  if (right.kind === 'named') return joinShapes(left, named(right.name), named);
  if (left.kind === 'choice')
    return { kind: 'choice', shapes: left.shapes.map((shape) => joinShapes(shape, right, named)) };
  if (right.kind === 'choice')
    return { kind: 'choice', shapes: right.shapes.map((shape) => joinShapes(left, shape, named)) };
  if (left.kind === 'object' && right.kind === 'object') return joinObjects(left, right, named);
  if (left.kind === 'scalar' && right.kind === 'scalar')
    return { kind: 'scalar', schema: { allOf: [left.schema, right.schema] } };
  // A brand such as `string & Record<never, never>` is a string.
  return left.kind === 'object' ? right : left;
}

function joinObjects(left: ObjectShape, right: ObjectShape, named: ShapeNames): ObjectShape {
  if (isAnyObject(left)) return right;
  if (isAnyObject(right)) return left;
  const fields = new Map(left.fields);
  for (const [name, field] of right.fields) fields.set(name, joinFields(fields.get(name), field, named));
  if (left.others === 'none') return { kind: 'object', fields, others: right.others };
  return { kind: 'object', fields, others: left.others };
}

function joinFields(left: Field | undefined, right: Field, named: ShapeNames): Field {
  if (!left) return right;
  const shape = joinShapes(left.shape, right.shape, named);
  return { shape, isRequired: shape !== absentShape && (left.isRequired || right.isRequired) };
}

const isAnyObject = ({ fields, others }: ObjectShape): boolean =>
  fields.size === 0 && others !== 'none' && others.kind === 'any';
