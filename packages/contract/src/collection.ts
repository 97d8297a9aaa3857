/**
 * Makes a collection of requests, one for each operation, in the format that Postman and Bruno import: Postman Collection 2.1
 * (https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html).
 */
import type { OperationSpec } from './operation.ts';
import { contractVersion } from './version.gen.ts';

interface Variable {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
}

interface CollectionRequest {
  readonly name: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: readonly never[];
}

export interface Collection {
  readonly info: Readonly<Record<string, string>>;
  readonly variable: readonly Variable[];
  readonly item: readonly { readonly name: string; readonly item: readonly CollectionRequest[] }[];
}

const bearer = (variable: string) => ({
  type: 'bearer',
  bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }],
});

const authOf = {
  key: bearer('key'),
  any: bearer('adminToken'),
  reader: bearer('key'),
  none: { type: 'noauth' },
} as const satisfies Record<OperationSpec['auth'], unknown>;

const urlOf = ({ path, query }: OperationSpec) => {
  const parts = path
    .slice(1)
    .split('/')
    .map((part) => part.replace(/^\{(\w+)\}$/, ':$1'));
  const parameters = Object.entries(query?.shape ?? {});
  return {
    raw: `{{baseUrl}}/${parts.join('/')}`,
    host: ['{{baseUrl}}'],
    path: parts,
    variable: parts.filter((part) => part.startsWith(':')).map((part) => ({ key: part.slice(1), value: '' })),
    query: parameters.map(([key, schema]) => ({
      key,
      value: '',
      disabled: true,
      description: schema.meta()?.description ?? '',
    })),
  };
};

const bodyOf = ({ examples }: OperationSpec) => {
  const [example] = Object.values(examples ?? {});
  if (example === undefined) return {};
  const raw = JSON.stringify(example.value, null, 2);
  return { body: { mode: 'raw', raw, options: { raw: { language: 'json' } } } };
};

const requestOf = (spec: OperationSpec): CollectionRequest => ({
  name: spec.summary,
  request: {
    method: spec.method,
    auth: authOf[spec.auth],
    header: spec.body === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }],
    url: urlOf(spec),
    description: spec.description,
    ...bodyOf(spec),
  },
  response: [],
});

/** `base` is the address of a gateway, without a slash at its end. Equal operations give equal collections. */
export const collectionOf = (table: Readonly<Record<string, OperationSpec>>, base: string): Collection => {
  const folders = new Map<string, CollectionRequest[]>();
  for (const spec of Object.values(table)) folders.set(spec.tag, [...(folders.get(spec.tag) ?? []), requestOf(spec)]);
  return {
    info: {
      name: 'Chatferry',
      description: `Version ${contractVersion} of the API.`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: [
      { key: 'baseUrl', value: base, description: 'The address of the gateway.' },
      { key: 'key', value: '', description: 'An API key, for sends and messages.' },
      { key: 'adminToken', value: '', description: "The administrator's token, or a token for a script." },
    ],
    item: [...folders].map(([name, item]) => ({ name, item })),
  };
};
