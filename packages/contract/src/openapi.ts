/** From the operations to an OpenAPI 3.1 document: plain data, no reading of anything else. */
import { z } from 'zod';
import { ErrorBody, type ErrorName, errorBody, errorNamed } from './errors.ts';
import { canonicalJson } from './json/canonical.ts';
import { type Auth, errorsOf, type OperationSpec } from './operation.ts';

/** JSON Schema as this package writes it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonSchema;
  readonly tags: readonly JsonSchema[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

type Direction = 'input' | 'output';

/** Turns schemas into references and collects what they refer to. */
const schemaCollector = () => {
  const schemas: Record<string, JsonSchema> = {};

  const keep = (id: string, schema: JsonSchema): void => {
    const { additionalProperties: _, ...before } = schemas[id] ?? schema;
    const { additionalProperties: closed, ...now } = schema;
    if (canonicalJson(before) !== canonicalJson(now)) {
      throw new Error(`The schema ${id} differs between requests and answers; give one of them its own id.`);
    }
    // A schema that requests use stays closed; answers may gain fields.
    if (schemas[id] === undefined || closed !== undefined) schemas[id] = schema;
  };

  const refer = (schema: z.ZodType, io: Direction): JsonSchema => {
    const text = JSON.stringify(
      z.toJSONSchema(schema, {
        io,
        override: ({ jsonSchema }) => {
          if (io === 'output') delete jsonSchema.additionalProperties;
          if (jsonSchema['secret'] === true) jsonSchema['x-secret'] = true;
          delete jsonSchema['secret'];
          // The format says it; the pattern of a date is a page long.
          if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
        },
      }),
    );
    const root = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Record<string, unknown>;
    const { $schema: _, $defs, ...rest } = root;
    for (const [id, one] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) keep(id, one);
    return rest;
  };

  return { schemas, refer };
};

type Refer = ReturnType<typeof schemaCollector>['refer'];

const parametersIn = (place: string, object: z.ZodObject | undefined, refer: Refer): JsonSchema[] => {
  if (object === undefined) return [];
  const properties = refer(object, 'output')['properties'] as Record<string, JsonSchema>;
  const required = (refer(object, 'input')['required'] ?? []) as string[];
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
};

const requestIdHeader = { 'X-Request-Id': { description: 'The id of this request.', schema: { type: 'string' } } };
const retryAfter = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } };

const count = (description: string) => ({ description, schema: { type: 'integer' } });

/** IETF draft “RateLimit header fields for HTTP”, 07. */
const rateLimitHeaders = {
  'RateLimit-Limit': count('How many requests may come at once with this key.'),
  'RateLimit-Remaining': count('How many of them are left.'),
  'RateLimit-Reset': count('Seconds until all of them are there again.'),
};

const exampleRequestId = '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a';

const telegramExamples: Partial<Record<ErrorName, ErrorBody['telegram']>> = {
  USER_NOT_FOUND: { error_code: 400, description: 'Bad Request: chat not found' },
  TELEGRAM_REJECTED: { error_code: 403, description: 'Forbidden: bot was blocked by the user' },
};

const errorExample = (name: ErrorName): JsonSchema => {
  const { when } = errorNamed(name);
  const value = errorBody({
    requestId: exampleRequestId,
    name,
    messageId: name === 'OUTCOME_UNKNOWN' ? 7382914 : undefined,
    telegram: telegramExamples[name],
  });
  return { summary: when, value };
};

const errorResponses = (spec: OperationSpec, refer: Refer): Record<string, JsonSchema> => {
  const byStatus = new Map<number, ErrorName[]>();
  for (const name of errorsOf(spec)) {
    const { status } = errorNamed(name);
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  const responses: Record<string, JsonSchema> = {};
  for (const [status, names] of byStatus) {
    const sorted = names.sort((a, b) => errorNamed(a).code - errorNamed(b).code);
    responses[status] = {
      description: sorted.map((name) => `${errorNamed(name).code} ${name}`).join(', '),
      headers: sorted.some((name) => errorNamed(name).retryable)
        ? { ...requestIdHeader, ...retryAfter }
        : requestIdHeader,
      content: {
        'application/json': {
          schema: refer(ErrorBody, 'output'),
          examples: Object.fromEntries(sorted.map((name) => [name, errorExample(name)])),
        },
      },
    };
  }
  return responses;
};

/** The prefix binds it to this host, and to HTTPS (RFC 6265bis). */
export const sessionCookie = '__Host-chatferry';

const security: Readonly<Record<Auth, readonly JsonSchema[]>> = {
  key: [{ apiKey: [] }, { apiKeyBearer: [] }],
  any: [{ adminToken: [] }, { session: [] }, { apiKey: [] }, { apiKeyBearer: [] }],
  none: [],
};

const securitySchemes = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Octopods-Auth',
    description: 'A channel key or a workspace key, without a scheme before it.',
  },
  apiKeyBearer: { type: 'http', scheme: 'bearer', description: 'The same key as a bearer token.' },
  adminToken: {
    type: 'http',
    scheme: 'bearer',
    description: "The operator's token, or a token that was made for a script.",
  },
  session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'Of a person who signed in.' },
} as const;

const operationObject = (spec: OperationSpec, refer: Refer): JsonSchema => {
  const parameters = [
    ...parametersIn('path', spec.params, refer),
    ...parametersIn('query', spec.query, refer),
    ...parametersIn('header', spec.headers, refer),
  ];
  const answers: Record<string, JsonSchema> = {};
  for (const [status, schema] of Object.entries(spec.responses)) {
    answers[status] = {
      description: schema === null ? 'Done.' : 'Success.',
      headers: spec.auth === 'key' ? { ...requestIdHeader, ...rateLimitHeaders } : requestIdHeader,
      ...(schema === null ? {} : { content: { 'application/json': { schema: refer(schema, 'output') } } }),
    };
  }
  return {
    operationId: spec.id,
    tags: [spec.tag],
    summary: spec.summary,
    description: spec.description,
    security: security[spec.auth],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(spec.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: refer(spec.body, 'input'),
                ...(spec.examples === undefined ? {} : { examples: spec.examples }),
              },
            },
          },
        }),
    responses: { ...answers, ...errorResponses(spec, refer) },
  };
};

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
}

/** Builds the document; equal operations give equal documents. */
export const openApiDocument = (
  table: Readonly<Record<string, OperationSpec>>,
  { title, version }: OpenApiOptions,
): OpenApiDocument => {
  const { schemas, refer } = schemaCollector();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const tags = new Set<string>();
  for (const spec of Object.values(table)) {
    tags.add(spec.tag);
    paths[spec.path] = { ...paths[spec.path], [spec.method.toLowerCase()]: operationObject(spec, refer) };
  }
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    openapi: '3.1.0',
    info: { title, version, license: { name: 'MIT', identifier: 'MIT' } },
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: { schemas: sorted, securitySchemes },
  };
};

/** The names of every field that holds a secret, in requests and answers: for the redaction of logs. */
export const secretFieldNames = (document: OpenApiDocument): readonly string[] => {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry === 'object' && entry !== null && 'x-secret' in entry) names.add(key);
      walk(entry);
    }
  };
  walk(document.components.schemas);
  return [...names].sort();
};
