import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { NamedShape, Shape, ShapeNames } from './shape.ts';

/** A value that is not as its description says. */
export interface Problem {
  /** Where in the value, such as `/errors/0/code`; empty for the whole value. */
  readonly at: string;
  /** The rule that is broken, as the end of a sentence. */
  readonly rule: string;
}

/** Finds where a value differs from a shape. */
export type ShapeCheck = (shape: Shape, value: unknown) => readonly Problem[];

type Schema = Readonly<Record<string, unknown>>;

/**
 * A check against shapes. A shape may have a name. Ajv does the work, except for the choice between shapes: the problems
 * of a value that fits none of them are those with the shape that it comes closest to. With `readsText`, the text `12` is
 * a number too: for queries and forms.
 */
export function createShapeCheck(named: ShapeNames, { readsText = false } = {}): ShapeCheck {
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, coerceTypes: readsText });
  ajvFormats.default(ajv);
  const compiled = new WeakMap<Shape, ValidateFunction>();
  const byName = new Map<string, Shape>();
  const compile = (shape: Shape): ValidateFunction => {
    const known = compiled.get(shape);
    if (known) return known;
    const made = ajv.compile(schemaOf(shape));
    compiled.set(shape, made);
    return made;
  };
  const resolve = ({ name }: NamedShape): Shape => {
    const shape = byName.get(name) ?? named(name);
    byName.set(name, shape);
    return shape;
  };
  ajv.addKeyword({
    keyword: 'shapes',
    errors: 'full',
    validate: function check(shapes: readonly Shape[], value: unknown, _schema: unknown, context?: DataContext) {
      const errors = closest(
        shapes.map((shape) => errorsOf(compile(shape.kind === 'named' ? resolve(shape) : shape), value)),
      );
      Object.assign(check, { errors: errors.map((error) => below(error, context?.instancePath ?? '')) });
      return errors.length === 0;
    },
  });
  return (shape, value) => errorsOf(compile(shape), value).map(problemOf);
}

interface DataContext {
  readonly instancePath: string;
}

type Errors = readonly ErrorObject[];

/** Ajv overwrites the value of errors that pass a keyword, so it is kept with the parameters. */
const errorsOf = (validate: ValidateFunction, value: unknown): Errors =>
  validate(value)
    ? []
    : (validate.errors ?? []).map((error) => ({ ...error, params: { shown: shown(error.data), ...error.params } }));

const below = (error: ErrorObject, path: string): ErrorObject => ({
  ...error,
  instancePath: `${path}${error.instancePath}`,
});

/**
 * How far a value is from a shape. A wrong word in a fixed field, or a value of another type, shows that another shape was
 * meant, so it weighs more than a field; and the deeper a problem is, the less it says about the choice.
 */
const distance = (errors: Errors): number =>
  errors.reduce((sum, { keyword, instancePath }) => {
    const depth = instancePath.split('/').length - 1;
    const isOtherShape = keyword === 'enum' || (keyword === 'type' && depth === 0);
    return sum + (isOtherShape ? 20 : 1) / 2 ** depth;
  }, 0);

function closest(candidates: readonly Errors[]): Errors {
  let best: Errors | undefined;
  for (const errors of candidates) if (best === undefined || distance(errors) < distance(best)) best = errors;
  return best ?? [];
}

function schemaOf(shape: Shape): Schema {
  switch (shape.kind) {
    case 'any':
      return {};
    case 'scalar':
      return shape.schema;
    case 'named':
      return { shapes: [shape] };
    case 'choice':
      return { shapes: shape.shapes };
    case 'list':
      return { type: 'array', ...shape.limits, items: schemaOf(shape.items) };
    case 'object':
      return {
        type: 'object',
        properties: Object.fromEntries([...shape.fields].map(([name, field]) => [name, schemaOf(field.shape)])),
        required: [...shape.fields].filter(([, { isRequired }]) => isRequired).map(([name]) => name),
        additionalProperties: shape.others === 'none' ? false : schemaOf(shape.others),
      };
  }
}

function problemOf({ keyword, instancePath: at, params, message }: ErrorObject): Problem {
  if (keyword === 'required') return { at: `${at}/${params['missingProperty']}`, rule: 'is required and absent' };
  if (keyword === 'additionalProperties')
    return { at: `${at}/${params['additionalProperty']}`, rule: 'is not in the description' };
  if (keyword === 'not') return { at, rule: 'must be absent' };
  const allowed =
    keyword === 'enum' ? `must be one of ${(params['allowedValues'] as unknown[]).map(shown).join(', ')}` : message;
  return { at, rule: `${params['shown']} ${allowed ?? keyword}` };
}

/** Bodies can be large, and most problems are those of a shape that was not meant. */
const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};
