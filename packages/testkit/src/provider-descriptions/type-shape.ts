import { absentShape, anyShape, choiceOf, type Field, joinShapes, type ObjectShape, type Shape } from './shape.ts';
import { type Declarations, findDeclaration, type SyntaxNode } from './type-declarations.ts';

/** Turns types of TypeScript into shapes: the part of the language in which the Bot API's types are written. */
export interface TypeShapes {
  /** The shape of a declared type. */
  named(name: string): Shape;
  /** The shape of a type in this scope. */
  of(node: SyntaxNode, scope?: string): Shape;
}

interface Context {
  readonly declarations: Declarations;
  readonly named: (name: string) => Shape;
  readonly scope: string;
  /** What the parameters of a generic type stand for. */
  readonly given: ReadonlyMap<string, Given>;
}

type Given = { readonly node: SyntaxNode; readonly in: Context } | { readonly shape: Shape };

/**
 * `given` says what free type parameters stand for, such as the type of an uploaded file. Throws an error for syntax
 * that it does not know.
 */
export function createTypeShapes(declarations: Declarations, given: Readonly<Record<string, Shape>>): TypeShapes {
  const shapes = new Map<string, Shape>();
  const free = new Map(Object.entries(given).map(([name, shape]) => [name, { shape }] as const));
  const contextIn = (scope: string): Context => ({ declarations, named, scope, given: free });
  function named(name: string): Shape {
    const known = shapes.get(name);
    if (known) return known;
    const declaration = declarations.get(name);
    if (!declaration) throw new Error(`There is no type ${name}`);
    const shape = declaredShape(declaration.node, contextIn(declaration.scope));
    shapes.set(name, shape);
    return shape;
  }
  return { named, of: (node, scope = '') => typeShape(node, contextIn(scope)) };
}

function declaredShape(node: SyntaxNode, context: Context): Shape {
  if (node.type === 'TSTypeAliasDeclaration') return typeShape(node.typeAnnotation, context);
  const parents: readonly SyntaxNode[] = node.extends ?? [];
  return parents.reduce<Shape>(
    (shape, { expression, typeArguments }) =>
      override(resolve(reference(nameOf(expression), typeArguments, context), context), shape, context),
    membersShape(node.body.body, context),
  );
}

/** An interface that extends another may narrow its fields. */
function override(parent: Shape, own: Shape, { named }: Context): Shape {
  if (parent.kind !== 'object' || own.kind !== 'object') return joinShapes(parent, own, named);
  return { ...own, fields: new Map([...parent.fields, ...own.fields]) };
}

function membersShape(members: readonly SyntaxNode[], context: Context): ObjectShape {
  const fields = new Map<string, Field>();
  for (const member of members) {
    if (member.type !== 'TSPropertySignature') throw new Error(`Unknown member ${member.type}`);
    const isOptional: boolean = member.optional;
    const shape = typeShape(member.typeAnnotation.typeAnnotation, context);
    const mayBeAbsent = shape === absentShape || (shape.kind === 'choice' && shape.shapes.includes(absentShape));
    fields.set(member.key.name ?? member.key.value, { shape, isRequired: !isOptional && !mayBeAbsent });
  }
  return { kind: 'object', fields, others: 'none' };
}

const scalars: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  TSStringKeyword: { type: 'string' },
  TSTemplateLiteralType: { type: 'string' },
  TSNumberKeyword: { type: 'number' },
  TSBooleanKeyword: { type: 'boolean' },
};

function typeShape(node: SyntaxNode, context: Context): Shape {
  // JSON has neither: a field of such a type is absent.
  if (node.type === 'TSNeverKeyword' || node.type === 'TSUndefinedKeyword') return absentShape;
  const scalar = scalars[node.type];
  if (scalar) return { kind: 'scalar', schema: scalar };
  const of = (inner: SyntaxNode) => typeShape(inner, context);
  switch (node.type) {
    case 'TSLiteralType':
      return { kind: 'scalar', schema: { enum: [node.literal.value] } };
    case 'TSArrayType':
      return { kind: 'list', items: of(node.elementType), limits: {} };
    case 'TSUnionType':
      return unionShape(node.types.map(of));
    case 'TSIntersectionType':
      return node.types.map(of).reduce((left: Shape, right: Shape) => joinShapes(left, right, context.named));
    case 'TSParenthesizedType':
      return of(node.typeAnnotation);
    case 'TSTypeOperator':
      return operatorShape(node, context);
    case 'TSTypeLiteral':
      return membersShape(node.members, context);
    case 'TSTypeReference':
      return reference(nameOf(node.typeName), node.typeArguments, context);
    case 'TSIndexedAccessType':
      return indexedShape(node, context);
    default:
      throw new Error(`Unknown type ${node.type}`);
  }
}

/** Words of one union become one list of words, whose problem is short. */
function unionShape(shapes: readonly Shape[]): Shape {
  const words = shapes.flatMap((shape) => (shape.kind === 'scalar' ? wordsOf(shape.schema) : []));
  const others = shapes.filter((shape) => shape.kind !== 'scalar' || shape.schema['enum'] === undefined);
  return choiceOf(words.length === 0 ? others : [...others, { kind: 'scalar', schema: { enum: words } }]);
}

const wordsOf = (schema: Readonly<Record<string, unknown>>): readonly unknown[] =>
  (schema['enum'] as readonly unknown[] | undefined) ?? [];

function operatorShape(node: SyntaxNode, context: Context): Shape {
  if (node.operator === 'readonly') return typeShape(node.typeAnnotation, context);
  return { kind: 'scalar', schema: { enum: keysOf(node.typeAnnotation, context) } };
}

const keysOf = (node: SyntaxNode, context: Context): readonly string[] => {
  const shape = resolve(typeShape(node, context), context);
  return shape.kind === 'object' ? [...shape.fields.keys()] : [];
};

/** `Message["text"]`: the shape of a field. A list of constants, such as that of languages, is text. */
function indexedShape({ objectType, indexType }: SyntaxNode, context: Context): Shape {
  if (objectType.type === 'TSTypeQuery') return { kind: 'scalar', schema: { type: 'string' } };
  const [key] = literalsOf(indexType, context);
  const object = resolve(typeShape(objectType, context), context);
  const choices = object.kind === 'choice' ? object.shapes.map((shape) => resolve(shape, context)) : [object];
  const shapes = choices.flatMap((shape) => {
    const field = shape.kind === 'object' ? shape.fields.get(String(key)) : undefined;
    return field ? [field.shape] : [];
  });
  return choiceOf(shapes);
}

const literalsOf = (node: SyntaxNode, context: Context): readonly unknown[] => {
  const shape = resolve(typeShape(node, context), context);
  if (shape.kind === 'choice') return shape.shapes.flatMap((one) => (one.kind === 'scalar' ? wordsOf(one.schema) : []));
  return shape.kind === 'scalar' ? wordsOf(shape.schema) : [];
};

const nameOf = (node: SyntaxNode): string => {
  if (node.type === 'TSQualifiedName') return `${nameOf(node.left)}.${node.right.name}`;
  if (node.type === 'MemberExpression') return `${nameOf(node.object)}.${node.property.name}`;
  return node.name;
};

function resolve(shape: Shape, { named }: Context): Shape {
  return shape.kind === 'named' ? named(shape.name) : shape;
}

function reference(name: string, typeArguments: SyntaxNode, context: Context): Shape {
  const bound = context.given.get(name);
  if (bound) return 'shape' in bound ? bound.shape : typeShape(bound.node, bound.in);
  const args: readonly SyntaxNode[] = typeArguments?.params ?? [];
  const utility = utilities[name];
  if (utility) return utility(args, context);
  const declaration = findDeclaration(context.declarations, name, context.scope);
  if (!declaration) throw new Error(`There is no type ${name}`);
  const { node, scope } = declaration;
  const parameters: readonly SyntaxNode[] = node.typeParameters?.params ?? [];
  const bindings = parameters.flatMap(({ name: parameter }, at) =>
    context.given.has(parameter.name) ? [] : [[parameter.name, { node: args[at], in: context }] as const],
  );
  if (bindings.length > 0)
    return declaredShape(node, { ...context, scope, given: new Map([...context.given, ...bindings]) });
  return {
    kind: 'named',
    name: scope !== '' && context.declarations.has(`${scope}.${name}`) ? `${scope}.${name}` : name,
  };
}

type Utility = (args: readonly SyntaxNode[], context: Context) => Shape;

const objectOf = (node: SyntaxNode, context: Context): ObjectShape => {
  const shape = resolve(typeShape(node, context), context);
  if (shape.kind !== 'object') throw new Error(`An object is needed where there is a ${shape.kind}`);
  return shape;
};

const listOf: Utility = ([items], context) => ({ kind: 'list', items: typeShape(items, context), limits: {} });

/** The utility types that the declarations use. */
const utilities: Readonly<Record<string, Utility>> = {
  Array: listOf,
  ReadonlyArray: listOf,
  NonNullable: ([type], context) => typeShape(type, context),
  Partial: ([type], context) => {
    const fields = [...objectOf(type, context).fields].map(
      ([name, field]) => [name, { ...field, isRequired: false }] as const,
    );
    return { kind: 'object', fields: new Map(fields), others: 'none' };
  },
  Omit: ([type, keys], context) => {
    const fields = new Map(objectOf(type, context).fields);
    for (const key of literalsOf(keys, context)) fields.delete(String(key));
    return { kind: 'object', fields, others: 'none' };
  },
  Record: ([keys, value], context) => {
    if (keys.type === 'TSNeverKeyword') return { kind: 'object', fields: new Map(), others: anyShape };
    const shape = typeShape(value, context);
    const fields = literalsOf(keys, context).map((key) => [String(key), { shape, isRequired: true }] as const);
    return { kind: 'object', fields: new Map(fields), others: 'none' };
  },
  Exclude: ([type, without], context) => {
    const shape = resolve(typeShape(type, context), context);
    const removed = typeShape(without, context);
    if (shape.kind === 'scalar') {
      const words = literalsOf(without, context);
      return { kind: 'scalar', schema: { enum: wordsOf(shape.schema).filter((word) => !words.includes(word)) } };
    }
    if (shape.kind !== 'choice' || removed.kind !== 'named') throw new Error('Exclude needs a union and a name');
    return choiceOf(shape.shapes.filter((one) => one.kind !== 'named' || one.name !== removed.name));
  },
};
