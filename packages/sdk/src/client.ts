import { contractVersion, operations } from './operations.gen.ts';
import { type Fetch, sendRequest, type Transport } from './request.ts';
import type { Operations } from './types.gen.ts';

export type OperationId = keyof Operations & keyof typeof operations;

/** The fields of a call: those of the path, the query and the body in one object. */
export type Arguments<Id extends OperationId> = Operations[Id]['params'] &
  Operations[Id]['query'] &
  Operations[Id]['body'];

export type Result<Id extends OperationId> = Operations[Id]['result'];

export interface CallOptions {
  /** Absent: a new one for every call. Give the one of a failed call to repeat it without a second message. */
  readonly idempotencyKey?: string | undefined;
  /** Unknown fields are an error instead of a warning (`Prefer: handling=strict`). */
  readonly strict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For one attempt, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

type Call<Id extends OperationId> =
  object extends Arguments<Id>
    ? (fields?: Arguments<Id>, options?: CallOptions) => Promise<Result<Id>>
    : (fields: Arguments<Id>, options?: CallOptions) => Promise<Result<Id>>;

/** A method for every operation of the API. */
export type Client = { readonly [Id in OperationId]: Call<Id> };

export interface ChatferryOptions {
  /** Where the gateway listens, as `https://chat.example.com`. */
  readonly baseUrl: string;
  /** A channel key or workspace key: for sending and for reading messages. */
  readonly key?: string | undefined;
  /** The operator's token: for workspaces, channels and keys. */
  readonly adminToken?: string | undefined;
  readonly fetch?: Fetch | undefined;
  /** For one attempt, in milliseconds; 60 000 when absent: a send may be held for 30 seconds. */
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first; 2 when absent. */
  readonly retriesMax?: number | undefined;
  /** A longer Retry-After is not waited for; 30 000 ms when absent. */
  readonly retryWaitMaxMs?: number | undefined;
  /** Put before the client's own in `User-Agent`. */
  readonly userAgent?: string | undefined;
  /** Makes the key of a logical send; a random UUID when absent. */
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

const authorization = (id: OperationId, options: ChatferryOptions): Readonly<Record<string, string>> => {
  const { auth } = operations[id];
  if (auth === 'none') return {};
  if (auth === 'any' && options.adminToken !== undefined) return { authorization: `Bearer ${options.adminToken}` };
  if (options.key === undefined) {
    const needed = auth === 'any' ? 'adminToken, or a key that may do it' : 'key';
    throw new TypeError(`${id} needs ${needed}; give it to new Chatferry({ … }).`);
  }
  return { 'x-octopods-auth': options.key };
};

/** Splits the fields of a call into its address and its body. */
const compose = (id: OperationId, fields: Fields): { readonly target: string; readonly body: string | undefined } => {
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
  const base = options.baseUrl.replace(/\/+$/, '');
  const own = `chatferry-sdk/${contractVersion}`;
  const makeKey = options.makeIdempotencyKey ?? (() => globalThis.crypto.randomUUID());
  return async (fields: Fields = {}, call: CallOptions = {}): Promise<unknown> => {
    const { target, body } = compose(id, fields);
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
          'user-agent': options.userAgent === undefined ? own : `${options.userAgent} ${own}`,
          ...authorization(id, options),
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
// The methods are made from the table, which the type `Client` is mapped over; a class cannot say that.
export const Chatferry = GeneratedClient as unknown as new (options: ChatferryOptions) => Client;
