/**
 * Generates files from the contract, the gateway's settings, the tables of its adapters and the lock file, as path and text.
 * Reads only its arguments.
 */
import {
  type CatalogueEntry,
  errorCatalogue,
  failureReasons,
  type OpenApiDocument,
  type OperationSpec,
  openApiDocument,
  operations,
} from '@chatferry/contract';
import { configSettings } from '@chatferry/gateway/internal/config/config';
import { printConfiguration, printEnvExample } from './gen-configuration.ts';
import { type Lock, printDependencies } from './gen-dependencies.ts';
import { printInbound } from './gen-inbound.ts';
import { printResources, type ResourceOperation } from './gen-resources.ts';
import { printTestMode } from './gen-test-mode.ts';
import { printDeclaration, printType } from './gen-types.ts';
import { markdownTable } from './markdown-table.ts';
import { wrapMarkdown } from './wrap-markdown.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const notice = '// Generated from packages/contract by `npm run gen`. Do not edit.\n';

type Schema = Readonly<Record<string, unknown>>;

const table: Readonly<Record<string, OperationSpec>> = operations;

const fieldNames = (object: OperationSpec['params']): string[] => Object.keys(object?.shape ?? {});

const successStatus = (spec: OperationSpec): number => {
  const statuses = Object.keys(spec.responses).map(Number);
  const [status] = statuses;
  if (status === undefined || statuses.length > 1)
    throw new Error(`${spec.id} needs exactly one answer that is not an error.`);
  return status;
};

const printList = (list: readonly string[]): string => `[${list.map((name) => `'${name}'`).join(', ')}]`;

const printOperations = (version: string): string => {
  let out = `${notice}\n/** The version of the contract that this client was generated from. */\nexport const contractVersion = '${version}';\n\n`;
  out += '/** Every operation, with what the client needs to call it. */\nexport const operations = {\n';
  for (const spec of Object.values(table)) {
    out += `  ${spec.id}: {\n    method: '${spec.method}',\n    path: '${spec.path}',\n    auth: '${spec.auth}',\n`;
    out += `    params: ${printList(fieldNames(spec.params))},\n    query: ${printList(fieldNames(spec.query))},\n`;
    out += `    hasBody: ${spec.body !== undefined},\n    isIdempotent: ${spec.headers?.shape['Idempotency-Key'] !== undefined},\n`;
    out += `    status: ${successStatus(spec)},\n    summary: ${JSON.stringify(spec.summary)},\n  },\n`;
  }
  return `${out}} as const;\n`;
};

const readJsonSchema = (holder: unknown): Schema | undefined => {
  const content = (holder as { content?: Record<string, { schema: Schema }> } | undefined)?.content;
  return content?.['application/json']?.schema;
};

const printParameters = (operation: Schema, place: string): string => {
  const list = ((operation['parameters'] ?? []) as readonly Schema[]).filter((one) => one['in'] === place);
  if (list.length === 0) return 'unknown';
  const members = list.map((one) => {
    const optional = one['required'] !== true;
    const type = printType(one['schema'] as Schema, 2);
    return `readonly ${String(one['name'])}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''}`;
  });
  return `{ ${members.join('; ')} }`;
};

// A body without fields adds no arguments to a call.
const printBody = (body: Schema | undefined, document: OpenApiDocument): string => {
  if (body === undefined) return 'unknown';
  const type = printType(body, 2);
  const named = document.components.schemas[type];
  return named?.['type'] === 'object' && Object.keys(named['properties'] ?? {}).length === 0 ? 'unknown' : type;
};

const printTypes = (document: OpenApiDocument): string => {
  let out = `${notice}\n`;
  for (const [name, schema] of Object.entries(document.components.schemas))
    out += `${printDeclaration(name, schema)}\n`;
  out +=
    '/** The parts of every request and its answer. A part that a request does not have is `unknown`. */\nexport interface Operations {\n';
  for (const spec of Object.values(table)) {
    const operation = document.paths[spec.path]?.[spec.method.toLowerCase()];
    if (operation === undefined) throw new Error(`The document has no ${spec.id}.`);
    const overlapping = fieldNames(spec.params).filter((name) => fieldNames(spec.query).includes(name));
    if (overlapping.length > 0) throw new Error(`${spec.id} has ${overlapping.join()} in its path and its query.`);
    const body = readJsonSchema(operation['requestBody']);
    const result = readJsonSchema((operation['responses'] as Record<string, unknown>)[successStatus(spec)]);
    out += `  readonly ${spec.id}: {\n`;
    out += `    readonly params: ${printParameters(operation, 'path')};\n    readonly query: ${printParameters(operation, 'query')};\n`;
    out += `    readonly body: ${printBody(body, document)};\n`;
    out += `    readonly result: ${result === undefined ? 'undefined' : printType(result, 2)};\n  };\n`;
  }
  return `${out}}\n`;
};

const resolve = (schema: Schema | undefined, document: OpenApiDocument): Schema | undefined => {
  const reference = schema?.['$ref'];
  return typeof reference === 'string' ? document.components.schemas[reference.split('/').at(-1) ?? ''] : schema;
};

/** Whether a schema has no field that a request must have. */
const isOptional = (schema: Schema | undefined, document: OpenApiDocument): boolean => {
  const named = resolve(schema, document);
  if (named === undefined) return true;
  return named['type'] === 'object' && ((named['required'] ?? []) as readonly string[]).length === 0;
};

/** The two kinds of lists: by an opaque cursor, and the event log, which is read after an event. */
const isPage = (schema: Schema | undefined, document: OpenApiDocument): boolean => {
  const properties = resolve(schema, document)?.['properties'] ?? {};
  return 'next_cursor' in (properties as Schema) || 'next_after' in (properties as Schema);
};

const toResourceOperation = (spec: OperationSpec, document: OpenApiDocument): ResourceOperation => {
  const operation = document.paths[spec.path]?.[spec.method.toLowerCase()];
  if (operation === undefined) throw new Error(`The document has no ${spec.id}.`);
  const body = readJsonSchema(operation['requestBody']);
  const query = printParameters(operation, 'query');
  const fields = [query, printBody(body, document)].filter((type) => type !== 'unknown');
  const result = readJsonSchema((operation['responses'] as Record<string, unknown>)[successStatus(spec)]);
  return {
    spec,
    params: fieldNames(spec.params),
    query: fieldNames(spec.query),
    isIdempotent: spec.headers?.shape['Idempotency-Key'] !== undefined,
    fields: fields.length === 0 ? undefined : fields.join(' & '),
    // A change of nothing is a mistake.
    areFieldsOptional: spec.method !== 'PATCH' && !/readonly \w+:/.test(query) && isOptional(body, document),
    result: result === undefined ? undefined : printType(result, 1),
    isPage: isPage(result, document),
    isUpload: operation['requestBody'] !== undefined && body === undefined,
  };
};

const printSdkResources = (document: OpenApiDocument): string => {
  const all = Object.values(table).map((spec) => toResourceOperation(spec, document));
  return `${notice}\n${printResources(all, Object.keys(document.components.schemas))}`;
};

const printError = (entry: CatalogueEntry): string =>
  [
    `<a id="${entry.docs.split('#')[1]}"></a>`,
    '',
    `## ${entry.code} ${entry.name}`,
    '',
    `HTTP ${entry.status}. ${entry.when}`,
    '',
    `> ${entry.message}`,
    '',
    entry.retryable ? 'The same request may be sent again.' : 'The same request will not succeed without a change.',
    '',
  ].join('\n');

const printErrors = (): string => {
  const rows = errorCatalogue.map((entry) => [
    `[${entry.code}](#${entry.docs.split('#')[1]})`,
    `\`${entry.name}\``,
    String(entry.status),
    entry.retryable ? 'yes' : 'no',
    entry.when,
  ]);
  return [
    '<!-- Generated from packages/contract by `npm run gen`. Do not edit. -->',
    '',
    '# Errors',
    '',
    'Every error answer is JSON: `request_id`, `error_code`, `error_name`, `error` (a sentence), and, if they apply,',
    '`details` (every problem with an RFC 6901 pointer), `message_id`, `reason` and `telegram`. Branch on `error_code`,',
    '`error_name` or `reason`. The sentences may change.',
    '',
    'A pointer says which part of the request has the problem:',
    '',
    markdownTable(
      ['pointer', 'names'],
      [
        [
          '`/telegram_interactive_message/text`',
          'a field of the body, by its path; entries of lists by their number from 0',
        ],
        ['(empty)', 'the body as a whole'],
        ['`#/query/limit`', 'a parameter after the `?` of the address'],
        ['`#/params/channel_id`', 'a part of the path'],
        ['`#/headers/Idempotency-Key`', 'a header'],
      ],
    ),
    '',
    'A `telegram_interactive_message` given as a string has the same pointers as the object. `~` and `/` in a name are written',
    '`~0` and `~1`.',
    '',
    'Unknown fields never fail a send. The gateway leaves them out and names them in `warnings` next to the answer. With the',
    'header `Prefer: handling=strict` (RFC 7240) they are errors (4). They are always errors when a message is only validated,',
    'and in requests that administer the gateway.',
    '',
    markdownTable(['code', 'name', 'HTTP', 'repeat as it is', 'when'], rows),
    '',
    'Where Telegram refused a message (3 and 5), `reason` says why. `failure` of the message has the same:',
    '',
    markdownTable(
      ['reason', 'what it means'],
      Object.entries(failureReasons).map(([name, sentence]) => [`\`${name}\``, sentence]),
    ),
    '',
    ...errorCatalogue.map(printError),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
};

/** Generates every file. `version` is the version of the contract package, `lock` is the parsed `package-lock.json`. */
export const generateFiles = (version: string, lock: Lock): readonly GeneratedFile[] => {
  const document = openApiDocument(operations, { title: 'Chatferry', version });
  return [
    { path: 'openapi.json', text: `${JSON.stringify(document, null, 2)}\n` },
    { path: 'packages/sdk/src/operations.gen.ts', text: printOperations(version) },
    { path: 'packages/sdk/src/types.gen.ts', text: printTypes(document) },
    { path: 'packages/sdk/src/resources.gen.ts', text: printSdkResources(document) },
    { path: 'docs/errors.md', text: wrapMarkdown(printErrors()) },
    { path: 'docs/configuration.md', text: wrapMarkdown(printConfiguration(configSettings)) },
    { path: 'docs/dependencies.md', text: wrapMarkdown(printDependencies(lock)) },
    { path: 'docs/inbound.md', text: wrapMarkdown(printInbound()) },
    { path: 'docs/test-mode.md', text: wrapMarkdown(printTestMode()) },
    { path: '.env.example', text: printEnvExample(configSettings) },
  ];
};
