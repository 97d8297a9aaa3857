import { contractVersion, operations } from './operations.gen.ts';
import { type Fetch, sendRequest, type Transport } from './request.ts';
import type { Operations } from './types.gen.ts';

export type OperationId = keyof Operations & keyof typeof operations;

/** The fields of a call: the fields of the path, the query and the body in one object. */
export type Arguments<Id extends OperationId> = Operations[Id]['params'] &
  Operations[Id]['query'] &
  Operations[Id]['body'];

export type Result<Id extends OperationId> = Operations[Id]['result'];

export interface CallOptions {
  /** Absent: a new key for every call. To repeat a failed call without a second message, give the key of that call. */
  readonly idempotencyKey?: string | undefined;
  /** Makes unknown fields an error instead of a warning (`Prefer: handling=strict`). */
  readonly strict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The limit for one attempt, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

type Call<Id extends OperationId> =
  object extends Arguments<Id>
    ? (fields?: Arguments<Id>, options?: CallOptions) => Promise<Result<Id>>
    : (fields: Arguments<Id>, options?: CallOptions) => Promise<Result<Id>>;

/** A method for every operation of the API. */
export type Client = { readonly [Id in OperationId]: Call<Id> };

export interface ChatferryOptions {
  /** The address of the gateway, such as `https://chat.example.com`. */
  readonly baseUrl: string;
  /** A channel key or workspace key, for sending and reading messages. */
  readonly key?: string | undefined;
  /** The administrator's token, or a token for a script: for administration. */
  readonly adminToken?: string | undefined;
  readonly fetch?: Fetch | undefined;
  /** The limit for one attempt, in milliseconds. Default: 60 000, because a send may take 30 seconds. */
  readonly timeoutMs?: number | undefined;
  /** The maximum number of attempts after the first. Default: 2. */
  readonly retriesMax?: number | undefined;
  /** The maximum Retry-After to wait for, in milliseconds. Default: 30 000. */
  readonly retryWaitMaxMs?: number | undefined;
  /** The name of your program, for the header `User-Agent`. */
  readonly userAgent?: string | undefined;
  /** Makes the idempotency key of a call. Default: a random UUID. */
  readonly makeIdempotencyKey?: (() => string) | undefined;
  readonly wait?: Transport['wait'] | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const waitByTimer: Transport['wait'] = (delayMs, signal) =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, delayMs);
    if (signal?.aborted === true) end();
    else signal?.addEventListener('abort', end, { once: true });
  });

const authorizationHeaders = (id: OperationId, options: ChatferryOptions): Readonly<Record<string, string>> => {
  const { auth } = operations[id];
  if (auth === 'none') return {};
  if (auth === 'any' && options.adminToken !== undefined) return { authorization: `Bearer ${options.adminToken}` };
  if (options.key === undefined) {
    const needed = auth === 'any' ? 'adminToken, or a key with the permission' : 'key';
    throw new TypeError(`${id} needs ${needed}; give it to new Chatferry({ … }).`);
  }
  return { 'x-octopods-auth': options.key };
};

/** Distributes the fields of a call over the address and the body. */
const composeRequest = (
  id: OperationId,
  fields: Fields,
): { readonly target: string; readonly body: string | undefined } => {
  const { path, hasBody } = operations[id];
  const params: readonly string[] = operations[id].params;
  const query: readonly string[] = operations[id].query;
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = fields[name];
    if (value === undefined || value === '') throw new TypeError(`${id} needs ${name}.`);
    return encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || params.includes(name)) continue;
    if (query.includes(name)) search.set(name, String(value));
    else rest[name] = value;
  }
  return {
    target: search.size === 0 ? target : `${target}?${search}`,
    body: hasBody ? JSON.stringify(rest) : undefined,
  };
};

const makeCall = (id: OperationId, options: ChatferryOptions) => {
  const base = options.baseUrl.replace(/(?<!\/)\/+$/, '');
  const ownUserAgent = `chatferry-sdk/${contractVersion}`;
  const makeKey = options.makeIdempotencyKey ?? (() => globalThis.crypto.randomUUID());
  return async (fields: Fields = {}, call: CallOptions = {}): Promise<unknown> => {
    const { target, body } = composeRequest(id, fields);
    const idempotencyKey = operations[id].isIdempotent ? (call.idempotencyKey ?? makeKey()) : undefined;
    return sendRequest(
      {
        url: base + target,
        method: operations[id].method,
        body,
        idempotencyKey,
        signal: call.signal,
        headers: {
          accept: 'application/json',
          'user-agent': options.userAgent === undefined ? ownUserAgent : `${options.userAgent} ${ownUserAgent}`,
          ...authorizationHeaders(id, options),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(call.strict === true ? { prefer: 'handling=strict' } : {}),
        },
      },
      {
        fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
        wait: options.wait ?? waitByTimer,
        timeoutMs: call.timeoutMs ?? options.timeoutMs ?? 60_000,
        retriesMax: options.retriesMax ?? 2,
        retryWaitMaxMs: options.retryWaitMaxMs ?? 30_000,
      },
    );
  };
};

const isOperationId = (id: string): id is OperationId => Object.hasOwn(operations, id);

class GeneratedClient {
  constructor(options: ChatferryOptions) {
    for (const id of Object.keys(operations).filter(isOperationId)) {
      Object.defineProperty(this, id, { value: makeCall(id, options), enumerable: true });
    }
  }
}

/** The client: a method for every operation, which throws `ApiError` or `ConnectionError`. */
export type Chatferry = Client;
// The methods are made from the table of operations, which also defines the type `Client`; a class declaration cannot express that.
export const Chatferry = GeneratedClient as unknown as new (options: ChatferryOptions) => Client;
