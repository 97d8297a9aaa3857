import type { CallOptions, Settings } from './settings.js';

/** The bytes of a file. A `Blob` has its type with it. A stream is read once, so a failed upload of it is not repeated. */
export type UploadContent = Blob | ArrayBuffer | Uint8Array | ReadableStream<Uint8Array>;

/** What the client must know of an operation to call it. */
export interface CallableOperation {
  /** The `operationId`. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Parameters are in braces. */
  readonly path: string;
  /** `key`: only an API key; `reader`: rather an API key; `none`: no credential. Absent: rather the administrator's token. */
  readonly auth?: 'key' | 'reader' | 'none';
  /** The names of the query parameters. */
  readonly query?: readonly string[];
  /** Whether the body is the bytes of a file: the argument after those of the path. */
  readonly isUpload?: true;
  /** Whether the method has an argument for the fields of the query or the body. */
  readonly hasFields?: true;
  readonly hasBody?: true;
  /** Whether a repetition with the same Idempotency-Key is safe. */
  readonly isIdempotent?: true;
  /** Whether the answer has no body. */
  readonly isSilent?: true;
  /** Makes the result of a method that is not the promise of one answer. */
  readonly call?: (settings: Settings, operation: CallableOperation, input: CallInput) => unknown;
}

/** The arguments of one call by name. */
export interface CallInput {
  readonly params: readonly unknown[];
  /** The bytes of a file. */
  readonly content?: UploadContent | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
}

/** The operations of one resource by the names of their methods. `api` exists only as a type. */
export interface Resource<Api> {
  readonly methods: { readonly [Verb in keyof Api]: CallableOperation };
  readonly api?: Api;
}

/** A resource whose methods are not known to the compiler. */
export interface AnyResource {
  readonly methods: Readonly<Record<string, CallableOperation>>;
}

/** The names of the parameters in a path. */
export const paramsOf = ({ path }: CallableOperation): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
