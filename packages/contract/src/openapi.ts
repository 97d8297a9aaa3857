/** Makes the OpenAPI 3.1 document from the operations. Reads nothing else. */
import { z } from 'zod';
import { ErrorBody, type ErrorName, errorBody, errorNamed, ProblemDetails } from './errors.ts';
import { eventSchemas } from './events/event.ts';
import { eventExamples } from './events/event-examples.ts';
import { eventSentences, eventTypes } from './events/event-types.ts';
import { canonicalJson } from './json/canonical.ts';
import { type Auth, errorsOf, type NeededReach, type OperationSpec } from './operation.ts';

/** A JSON Schema as a plain object. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonSchema;
  readonly servers: readonly JsonSchema[];
  readonly tags: readonly JsonSchema[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly webhooks: Readonly<Record<string, JsonSchema>>;
  readonly components: {
    readonly headers: Readonly<Record<string, JsonSchema>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

type Direction = 'input' | 'output';

/** `exactlyOneOf` in the metadata of an object: exactly one of these fields is set. */
const requireOneOf = (schema: Record<string, unknown>): void => {
  const fields = schema['exactlyOneOf'];
  delete schema['exactlyOneOf'];
  if (Array.isArray(fields)) schema['oneOf'] = fields.map((field: unknown) => ({ required: [field] }));
};

/** Replaces named schemas by references, and collects the named schemas. */
const createSchemaCollector = () => {
  const schemas: Record<string, JsonSchema> = {};

  const addSchema = (id: string, schema: JsonSchema): void => {
    const { additionalProperties: _, ...before } = schemas[id] ?? schema;
    const { additionalProperties: closed, ...now } = schema;
    if (canonicalJson(before) !== canonicalJson(now)) {
      throw new Error(`The schema ${id} differs between requests and answers; give one of them its own id.`);
    }
    // Requests must not have unknown fields. Answers may get new fields in later versions.
    if (schemas[id] === undefined || closed !== undefined) schemas[id] = schema;
  };

  const toReference = (schema: z.ZodType, io: Direction): JsonSchema => {
    const text = JSON.stringify(
      z.toJSONSchema(schema, {
        io,
        override: ({ jsonSchema }) => {
          if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
          if (jsonSchema['secret'] === true) jsonSchema['x-secret'] = true;
          delete jsonSchema['secret'];
          delete jsonSchema['address'];
          requireOneOf(jsonSchema);
          // The format is enough: the pattern of a date is very long.
          if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
        },
      }),
    );
    const root = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Record<string, unknown>;
    const { $schema: _, $defs, ...rest } = root;
    for (const [id, one] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) addSchema(id, one);
    return rest;
  };

  return { schemas, toReference };
};

type ToReference = ReturnType<typeof createSchemaCollector>['toReference'];

const parametersIn = (place: string, object: z.ZodObject | undefined, toReference: ToReference): JsonSchema[] => {
  if (object === undefined) return [];
  const properties = toReference(object, 'output')['properties'] as Record<string, JsonSchema>;
  const required = (toReference(object, 'input')['required'] ?? []) as string[];
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

/** IETF draft “RateLimit header fields for HTTP”, version 11: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/ */
const headers = {
  'X-Request-Id': { description: 'The id of this request.', schema: { type: 'string', format: 'uuid' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
  'RateLimit-Policy': {
    description:
      'The limit of the API key, a structured field (RFC 9651). `q`: how many requests may be made at the same moment. `w`: how many seconds it takes to earn them again. Absent without an API key.',
    schema: { type: 'string' },
    example: '"key";q=200;w=2',
  },
  RateLimit: {
    description:
      'What is left of the limit of the API key, a structured field (RFC 9651). `r`: how many requests may be made now. `t`: seconds until the full number is available again. Absent without an API key.',
    schema: { type: 'string' },
    example: '"key";r=199;t=1',
  },
  'Idempotent-Replayed': {
    description:
      'Present if this is the answer of an earlier request with the same Idempotency-Key, and nothing was done now.',
    schema: { type: 'string', enum: ['true'] },
  },
} as const;

const headersNamed = (...names: readonly (keyof typeof headers)[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The headers of every answer of an operation. */
const headersOf = ({ auth, repetition }: OperationSpec): JsonSchema => ({
  ...headersNamed('X-Request-Id'),
  ...(auth === 'none' ? {} : headersNamed('RateLimit-Policy', 'RateLimit')),
  ...(repetition === undefined || repetition === 'safe' ? {} : headersNamed('Idempotent-Replayed')),
});

/** Added to the description of an operation. */
const reachSentences: Readonly<Record<NeededReach, string>> = {
  installation: ' Requires access to every workspace.',
  'installation-unless-named': ' Without `workspace_id` it requires access to every workspace.',
};

/** A gateway is self-hosted, so no address is right for all. */
const servers = [
  {
    url: 'http://127.0.0.1:8080',
    description: 'A gateway on this machine with the default port. Others have the address of CHATFERRY_PUBLIC_URL.',
  },
];

const about = [
  'A gateway between Telegram and the inbox of a support team. Send an API key as `Authorization: Bearer KEY`.',
  'With an `Idempotency-Key`, repeating a POST is safe. Every error lists all problems of the request with JSON pointers, and',
  'its `doc_url` leads to a page with the cause and what to do. With `Accept: application/problem+json` errors are problem',
  'details (RFC 9457). `POST /api/v1/messages` sends, `GET /api/v1/events` says what happened, and `POST /api/v1/test-mode` makes',
  'a channel that needs neither a bot nor an inbox.',
].join(' ');

/** In the order in which a viewer shows the groups: what a newcomer needs comes first. */
const tagDescriptions: Readonly<Record<string, string>> = {
  Messages: 'Send, change and delete messages, and see whether they arrived.',
  Chats: 'The people and groups that write to the bots.',
  Events: 'Everything that happened, in order.',
  Webhooks: 'Addresses that get the events.',
  'Test mode': 'Channels that need neither a bot nor an inbox.',
  Telegram: 'Send with the body of the hosted service.',
  Workspaces: 'The connected inbox accounts.',
  Channels: 'The connected bots.',
  Keys: 'Keys for backends that send.',
  'Dead letters': 'Jobs that need a person.',
  Alarms: 'What does not work at the moment.',
  Audit: 'Who changed what.',
  People: 'The people who manage the gateway, and how they sign in.',
  Privacy: 'Export and erase the data of one customer.',
  Health: 'Whether the process lives and can work.',
};

/** A mock server such as Prism answers a body that does not fit its schema with 422 where an operation has that status. */
const statusNotes: Readonly<Record<number, string>> = {
  422: '. A body that does not fit its schema gets 400',
};

const exampleBase = 'https://chat.example.com';
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
    base: exampleBase,
    messageId: name === 'OUTCOME_UNKNOWN' ? 7382914 : undefined,
    telegram: telegramExamples[name],
  });
  return { summary: when, value };
};

const errorResponses = (spec: OperationSpec, toReference: ToReference): Record<string, JsonSchema> => {
  const byStatus = new Map<number, ErrorName[]>();
  for (const name of errorsOf(spec)) {
    const { status } = errorNamed(name);
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  const responses: Record<string, JsonSchema> = {};
  for (const [status, names] of byStatus) {
    const sorted = names.sort((a, b) => errorNamed(a).code - errorNamed(b).code);
    responses[status] = {
      description: `${sorted.map((name) => `${errorNamed(name).code} ${name}`).join(', ')}${statusNotes[status] ?? ''}`,
      headers: {
        ...headersOf(spec),
        ...(sorted.some((name) => errorNamed(name).retryable) ? headersNamed('Retry-After') : {}),
      },
      content: {
        'application/json': {
          schema: toReference(ErrorBody, 'output'),
          examples: Object.fromEntries(sorted.map((name) => [name, errorExample(name)])),
        },
        'application/problem+json': { schema: toReference(ProblemDetails, 'output') },
      },
    };
  }
  return responses;
};

/** The name of the session cookie. Its prefix restricts it to this host and to HTTPS (RFC 6265bis). */
export const sessionCookie = '__Host-chatferry';

const security: Readonly<Record<Auth, readonly JsonSchema[]>> = {
  key: [{ apiKey: [] }, { apiKeyBearer: [] }],
  any: [{ adminToken: [] }, { session: [] }, { apiKey: [] }, { apiKeyBearer: [] }],
  reader: [{ apiKey: [] }, { apiKeyBearer: [] }, { adminToken: [] }, { session: [] }],
  none: [],
};

const securitySchemes = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Octopods-Auth',
    description: 'A channel key or a workspace key. No scheme before the key.',
  },
  apiKeyBearer: { type: 'http', scheme: 'bearer', description: 'The same key as a bearer token.' },
  adminToken: {
    type: 'http',
    scheme: 'bearer',
    description: "The administrator's token, or a token for a script.",
  },
  session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'The session of a person who signed in.' },
} as const;

const streamContent = ({ eventStream }: OperationSpec): JsonSchema =>
  eventStream === undefined ? {} : { 'text/event-stream': { schema: { type: 'string', description: eventStream } } };

/** What the gateway calls at a webhook endpoint, one for each type of event. */
const webhooksOf = (toReference: ToReference): Record<string, JsonSchema> =>
  Object.fromEntries(
    eventTypes.map((type) => [
      type,
      {
        post: {
          tags: ['Events'],
          operationId: `on${type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
          summary: eventSentences[type],
          description: 'Sent to the webhook endpoints that ask for it. The event log has the same object.',
          security: [],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: toReference(eventSchemas[type], 'output'),
                examples: { [type]: { summary: eventSentences[type], value: eventExamples[type] } },
              },
            },
          },
          responses: {
            '2XX': {
              description: 'The event was received. Any other answer is a failure, and the event is sent again.',
            },
          },
        },
      },
    ]),
  );

const operationObject = (spec: OperationSpec, toReference: ToReference): JsonSchema => {
  const parameters = [
    ...parametersIn('path', spec.params, toReference),
    ...parametersIn('query', spec.query, toReference),
    ...parametersIn('header', spec.headers, toReference),
  ];
  const answers: Record<string, JsonSchema> = {};
  for (const [status, schema] of Object.entries(spec.responses)) {
    answers[status] = {
      description: schema === null ? 'Done.' : 'Success.',
      headers: headersOf(spec),
      ...(schema === null
        ? {}
        : { content: { 'application/json': { schema: toReference(schema, 'output') }, ...streamContent(spec) } }),
    };
  }
  return {
    operationId: spec.id,
    tags: [spec.tag],
    summary: spec.summary,
    description: `${spec.description}${spec.reach === undefined ? '' : reachSentences[spec.reach]}`,
    security: security[spec.auth],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(spec.upload === true ? { requestBody: uploadBody } : {}),
    ...(spec.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: toReference(spec.body, 'input'),
                ...(spec.examples === undefined ? {} : { examples: spec.examples }),
              },
            },
          },
        }),
    responses: { ...answers, ...errorResponses(spec, toReference) },
  };
};

/** A file, as it is or in a form. */
const uploadBody: JsonSchema = {
  required: true,
  content: {
    // A form is accepted, too. Generators make no client of two forms of one body, so only one is described.
    'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
  },
};

const describeTag = (name: string): JsonSchema => {
  const description = tagDescriptions[name];
  return description === undefined ? { name } : { name, description };
};

const inReadingOrder = (tags: readonly string[]): readonly string[] => {
  const described = Object.keys(tagDescriptions).filter((name) => tags.includes(name));
  return [...described, ...tags.filter((name) => !described.includes(name))];
};

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
}

/** Makes the document. Equal operations give equal documents. */
export const openApiDocument = (
  table: Readonly<Record<string, OperationSpec>>,
  { title, version }: OpenApiOptions,
): OpenApiDocument => {
  const { schemas, toReference } = createSchemaCollector();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const tags = new Set<string>();
  for (const spec of Object.values(table)) {
    tags.add(spec.tag);
    paths[spec.path] = { ...paths[spec.path], [spec.method.toLowerCase()]: operationObject(spec, toReference) };
  }
  const webhooks = webhooksOf(toReference);
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    openapi: '3.1.0',
    info: {
      title,
      version,
      description: about,
      contact: { name: 'The operator of this gateway' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers,
    tags: inReadingOrder([...tags]).map((name) => describeTag(name)),
    paths,
    webhooks,
    components: { headers, schemas: sorted, securitySchemes },
  };
};

/** The names of all fields with secrets, in requests and answers; logs redact them. */
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
