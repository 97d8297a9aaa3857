import { type OpenApiSchema, openApiShape } from './open-api-shape.ts';
import type { Shape } from './shape.ts';
import { createShapeCheck, type Problem } from './shape-check.ts';

/** A description in OpenAPI 3.0, as far as it is read here. */
export interface OpenApiDescription {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, OpenApiSchema>>;
    readonly responses?: Readonly<Record<string, OpenApiContent>>;
    readonly securitySchemes?: Readonly<Record<string, { readonly in?: string; readonly name?: string }>>;
  };
}

interface OpenApiContent {
  readonly content?: Readonly<Record<string, { readonly schema?: OpenApiSchema }>>;
}

interface OpenApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: OpenApiSchema;
}

interface OpenApiOperation {
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: OpenApiContent;
  readonly responses: Readonly<Record<string, OpenApiContent & { readonly $ref?: string }>>;
}

/** One operation of a description. */
export interface Operation {
  /** `VERB /path/{name}`. */
  readonly name: string;
  checkQuery(query: URLSearchParams): readonly Problem[];
  /** `undefined` is an absent body. The values of a form are text: `isText`. */
  checkBody(body: unknown, isText: boolean): readonly Problem[];
  /** The body of an answer with this status; `undefined` is an absent body. */
  checkAnswer(status: number, body: unknown): readonly Problem[];
}

export interface OpenApi {
  /** The operation of a call; undefined where the description has no such path, or no such method there. */
  operation(method: string, path: string): Operation | undefined;
  /** Checks a value against a schema of the description. */
  check(schemaName: string, value: unknown): readonly Problem[];
  /** Whether the description has this path, with whatever method. */
  hasPath(path: string): boolean;
  hasSchema(name: string): boolean;
  readonly names: readonly string[];
}

export function openOpenApi(description: OpenApiDescription): OpenApi {
  const { schemas, responses: sharedAnswers = {}, securitySchemes = {} } = description.components;
  // Some credentials are parameters of the query.
  const credentials = Object.values(securitySchemes).flatMap(({ in: place, name = '' }) =>
    place === 'query' ? [name] : [],
  );
  const shapes = new Map<unknown, Shape>();
  const named = (name: string): Shape => shapeOf(schemas[name] ?? {});
  const inProgress = new Set<OpenApiSchema>();
  const shapeOf = (schema: OpenApiSchema): Shape => {
    const known = shapes.get(schema);
    if (known) return known;
    // Some schemas name their kinds, and each kind contains the schema. To a kind it is only its own fields.
    if (inProgress.has(schema)) return openApiShape({ ...schema, allOf: [], oneOf: [], anyOf: [] }, named);
    inProgress.add(schema);
    const shape = openApiShape(schema, named);
    inProgress.delete(schema);
    shapes.set(schema, shape);
    return shape;
  };
  const checkShape = createShapeCheck(named);
  const checkTexts = createShapeCheck(named, { readsText: true });
  const check: Check = (schema, value) => checkShape(shapeOf(schema), value);
  const querySchemas = new Map<OpenApiOperation, OpenApiSchema>();
  const queryOf = (operation: OpenApiOperation): OpenApiSchema => {
    const schema = querySchemas.get(operation) ?? querySchema(operation, credentials);
    querySchemas.set(operation, schema);
    return schema;
  };
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      return { pattern: patternOf(path), fixed: fixedPartsOf(path), method: method.toUpperCase(), name, operation };
    }),
  );
  operations.sort((left, right) => right.fixed - left.fixed);
  return {
    names: operations.map(({ name }) => name),
    operation(method, path) {
      const found = operations.find((one) => one.method === method && one.pattern.test(path));
      if (!found) return undefined;
      const { name, operation } = found;
      return {
        name,
        checkQuery: (query) => checkTexts(shapeOf(queryOf(operation)), valuesOf(query, operation)),
        checkBody: (body, isText) =>
          checkBody(isText ? (schema, value) => checkTexts(shapeOf(schema), value) : check, operation, body),
        checkAnswer: (status, body) => checkAnswer(check, operation, sharedAnswers, { status, body }),
      };
    },
    check: (schemaName, value) => check({ $ref: schemaName }, value),
    hasPath: (path) => operations.some(({ pattern }) => pattern.test(path)),
    hasSchema: (name) => schemas[name] !== undefined,
  };
}

type Check = (schema: OpenApiSchema, value: unknown) => readonly Problem[];

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** A path with fewer parameters is found before one with more, such as `/conversations/search`. */
const fixedPartsOf = (path: string): number => -path.split('{').length;

/** The query as one object; the parameters of a description are its fields. */
function querySchema({ parameters = [] }: OpenApiOperation, credentials: readonly string[]): OpenApiSchema {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  return {
    type: 'object',
    properties: Object.fromEntries([
      ...credentials.map((name) => [name, {}] as const),
      ...inQuery.map(({ name, schema }) => [name, schema ?? {}] as const),
    ]),
    required: inQuery.filter(({ required }) => required === true).map(({ name }) => name),
    additionalProperties: false,
  };
}

function valuesOf(query: URLSearchParams, { parameters = [] }: OpenApiOperation): Readonly<Record<string, unknown>> {
  const isList = (name: string) =>
    parameters.some((parameter) => parameter.name === name && parameter.schema?.['type'] === 'array');
  return Object.fromEntries([...query].map(([name, value]) => [name, isList(name) ? query.getAll(name) : value]));
}

function checkBody(check: Check, operation: OpenApiOperation, body: unknown): readonly Problem[] {
  const contents = Object.values(operation.requestBody?.content ?? {});
  if (contents.length === 0) return body === undefined ? [] : [{ at: '', rule: 'the operation has no body' }];
  const schema = contents[0]?.schema;
  if (body === undefined) return [{ at: '', rule: 'the operation has a body, and the call has none' }];
  return schema ? check(schema, body) : [];
}

interface GivenAnswer {
  readonly status: number;
  readonly body: unknown;
}

function checkAnswer(
  check: Check,
  operation: OpenApiOperation,
  shared: Readonly<Record<string, OpenApiContent>>,
  { status, body }: GivenAnswer,
): readonly Problem[] {
  const { responses } = operation;
  const isRefusal = status >= 400;
  // Descriptions leave out many refusals; all have the body of a documented one.
  const documented =
    responses[String(status)] ??
    responses['default'] ??
    (isRefusal ? Object.entries(responses).find(([code]) => Number(code) >= 400)?.[1] : undefined);
  if (!documented) return isRefusal ? [] : [{ at: '', rule: `status ${status} is not in the description` }];
  if (!isRefusal && responses[String(status)] === undefined)
    return [{ at: '', rule: `status ${status} is not in the description` }];
  const { $ref: reference } = documented;
  const answer = reference === undefined ? documented : (shared[reference.split('/').at(-1) ?? ''] ?? documented);
  const schema = Object.values(answer.content ?? {})[0]?.schema;
  if (!schema) return body === undefined ? [] : [{ at: '', rule: `status ${status} has no body` }];
  return check(schema, body);
}
