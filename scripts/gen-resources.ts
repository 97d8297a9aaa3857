/** Prints the resources of the SDK: a group for each subject of the API, and in it a method for each operation. */
import type { OperationSpec } from '@chatferry/contract';

/** Where an operation is in the SDK: `cf.<group>.<verb>`. */
export interface Place {
  readonly group: string;
  readonly verb: string;
}

/** The places that the rule below would name badly. */
const places: Readonly<Record<string, Place>> = {
  uploadFile: { group: 'files', verb: 'upload' },
  createFile: { group: 'files', verb: 'upload' },
  replayDeadLetters: { group: 'deadLetters', verb: 'replayAll' },
  claim: { group: 'sessions', verb: 'claim' },
  getReadiness: { group: 'health', verb: 'getReadiness' },
};

/** The groups whose name is not the first word of their paths, by that word. */
const groups: Readonly<Record<string, string>> = {
  tokens: 'adminTokens',
  healthz: 'health',
  readyz: 'health',
};

/** The nouns that are not the name of their group without its last letter. */
const nouns: Readonly<Record<string, readonly string[]>> = {
  people: ['People', 'Person'],
  testMode: ['Test', 'test'],
  webhookEndpoints: ['WebhookEndpoints', 'WebhookEndpoint', 'Webhook'],
};

/** The method of a list that also answers as a stream. */
const streamVerb = 'stream';

const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);
const toCamelCase = (words: string): string => words.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * The group is the first word of the path after the version; the verb is the id of the operation without the noun of its group:
 * `createWebhookEndpoint` at `/api/v1/webhook-endpoints` is `webhookEndpoints.create`.
 */
export const placeOf = ({ id, path }: Pick<OperationSpec, 'id' | 'path'>): Place => {
  const named = places[id];
  if (named !== undefined) return named;
  const word = toCamelCase(/^\/(?:api\/v1\/)?([\w-]+)/.exec(path)?.[1] ?? '');
  const group = groups[word] ?? word;
  const noun = nouns[group] ?? [capitalise(group), capitalise(group).replace(/s$/, '')];
  const found = noun.find((one) => id.includes(one));
  const verb = found === undefined || found.length === id.length ? id : lowerFirst(id.replace(found, ''));
  return { group, verb };
};

/** What the printer must know of an operation beside its declaration. */
export interface ResourceOperation {
  readonly spec: OperationSpec;
  readonly params: readonly string[];
  readonly query: readonly string[];
  readonly isIdempotent: boolean;
  /** TypeScript for the fields of the query and the body in one argument. Undefined if there are none. */
  readonly fields: string | undefined;
  /** Whether a call can be made without a field. */
  readonly areFieldsOptional: boolean;
  /** TypeScript for the answer; undefined for an answer without a body. */
  readonly result: string | undefined;
  /** Whether the answer is a page of a list, which says how to get the next one. */
  readonly isPage: boolean;
  /** Whether the body is the bytes of a file, not JSON. */
  readonly isUpload: boolean;
}

const printSignature = (operation: ResourceOperation, verb: string): string => {
  const { spec, params, fields, areFieldsOptional, result } = operation;
  const given = [
    ...params.map((name) => `${toCamelCase(name.replaceAll('_', '-'))}: string | number`),
    ...(operation.isUpload ? ['content: UploadContent'] : []),
    ...(fields === undefined ? [] : [`fields${areFieldsOptional ? '?' : ''}: ${fields}`]),
    'options?: CallOptions',
  ];
  const answer = operation.isPage ? `List<${result}>` : `Call<${result ?? 'undefined'}>`;
  return `  /** ${spec.summary} \`${spec.method} ${spec.path}\` */\n  ${verb}(${given.join(', ')}): ${answer};\n`;
};

const printStreamSignature = ({ spec, fields, result }: ResourceOperation): string =>
  `  /** The same as a stream: the loop over it does not end, and continues after a lost connection. \`${spec.method} ${spec.path}\` */\n  ${streamVerb}(options?: StreamOptions<${fields ?? 'unknown'}>): AsyncIterable<${result}['data'][number]>;\n`;

const printOperation = (operation: ResourceOperation, verb: string, call?: string): string => {
  const { spec, query, fields, isIdempotent, result } = operation;
  const facts = [
    `id: '${spec.id}'`,
    `method: '${spec.method}'`,
    `path: '${spec.path}'`,
    ...(spec.auth === 'any' ? [] : [`auth: '${spec.auth}'`]),
    ...(query.length === 0 ? [] : [`query: [${query.map((name) => `'${name}'`).join(', ')}]`]),
    ...(operation.isUpload ? ['isUpload: true'] : []),
    ...(fields === undefined ? [] : ['hasFields: true']),
    ...(spec.body === undefined || operation.isUpload ? [] : ['hasBody: true']),
    ...(isIdempotent ? ['isIdempotent: true'] : []),
    ...(result === undefined ? ['isSilent: true'] : []),
    ...(call === undefined ? [] : [`call: ${call}`]),
  ];
  return `    ${verb}: { ${facts.join(', ')} },\n`;
};

const printSignatures = (operation: ResourceOperation, verb: string): string => {
  const isStream = operation.spec.eventStream !== undefined;
  return printSignature(operation, verb) + (isStream ? printStreamSignature(operation) : '');
};

const printOperations = (operation: ResourceOperation, verb: string): string => {
  const isStream = operation.spec.eventStream !== undefined;
  const own = printOperation(operation, verb, operation.isPage ? 'callList' : undefined);
  return own + (isStream ? printOperation(operation, streamVerb, 'streamEvents') : '');
};

const arrange = (operations: readonly ResourceOperation[]) => {
  const groupsOfVerbs = new Map<string, Map<string, ResourceOperation>>();
  for (const operation of operations) {
    const { group, verb } = placeOf(operation.spec);
    const verbs = groupsOfVerbs.get(group) ?? new Map<string, ResourceOperation>();
    const other = verbs.get(verb);
    if (other !== undefined)
      throw new Error(`${other.spec.id} and ${operation.spec.id} would both be ${group}.${verb}. Name one in places.`);
    groupsOfVerbs.set(group, verbs.set(verb, operation));
  }
  return groupsOfVerbs;
};

/** The names of the schemas that a TypeScript expression refers to. */
const namesIn = (text: string | undefined, known: readonly string[]): readonly string[] =>
  (text?.match(/\b[A-Z]\w*/g) ?? []).filter((name) => known.includes(name));

/** Prints the module of the resources. `schemas` are the names of the types that it may import. */
export const printResources = (operations: readonly ResourceOperation[], schemas: readonly string[]): string => {
  const arranged = arrange(operations);
  const types = new Set(
    operations.flatMap(({ fields, result }) => [fields, result].flatMap((text) => namesIn(text, schemas))),
  );
  let out = "import type { Call } from './call.js';\nimport { callList, type List } from './list.js';\n";
  if (operations.some(({ spec }) => spec.eventStream !== undefined))
    out += "import { type StreamOptions, streamEvents } from './event-stream.js';\n";
  const isUploading = operations.some(({ isUpload }) => isUpload);
  out += `import type { Resource${isUploading ? ', UploadContent' : ''} } from './resource.js';\n`;
  out += "import type { CallOptions } from './settings.js';\n";
  out += `import type { ${[...types].sort().join(', ')} } from './types.gen.js';\n`;
  for (const [group, verbs] of arranged) {
    const api = `${capitalise(group)}Api`;
    out += `\nexport interface ${api} {\n`;
    for (const [verb, operation] of verbs) out += printSignatures(operation, verb);
    out += `}\n\nexport const ${group}: Resource<${api}> = {\n  methods: {\n`;
    for (const [verb, operation] of verbs) out += printOperations(operation, verb);
    out += '  },\n};\n';
  }
  const names = [...arranged.keys()];
  out += `\n/** All resources of the API. */\nexport const resources = { ${names.join(', ')} };\n`;
  out += '\n/** All resources of the API, with their methods. */\nexport interface Resources {\n';
  for (const group of names) out += `  readonly ${group}: ${capitalise(group)}Api;\n`;
  return `${out}}\n`;
};
