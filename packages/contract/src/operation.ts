/** The declaration of an operation of the public API. Types, routes, the OpenAPI document, the SDK and the CLI are derived from it. */
import type { z } from 'zod';
import type { ErrorName } from './errors.ts';
import type { IdempotentHeaders, SendHeaders } from './headers.ts';
import type { ParseResult } from './json/parse.ts';

/**
 * The credential of an operation: only an API key; any credential that may manage its workspaces; any credential, with the
 * answer limited to what that reaches; or none.
 */
export type Auth = 'key' | 'any' | 'reader' | 'none';

/**
 * What a caller may be allowed to do. `send` messages; `read` objects; `handle` work that needs a person (unknown messages, dead letters);
 * `manage` channels, keys and workspaces; `administer` people, their credentials and the data of customers.
 */
export const permissions = ['send', 'read', 'handle', 'manage', 'administer'] as const;
export type Permission = (typeof permissions)[number];

/**
 * What an operation concerns beyond the workspaces of its caller, for whom no row of another workspace exists. `installation`: things
 * that belong to no workspace, or a new workspace. `installation-unless-named`: the same, if the body has no `workspace_id`.
 */
export type NeededReach = 'installation' | 'installation-unless-named';

export interface Example {
  readonly summary: string;
  readonly value: unknown;
}

interface OperationParts {
  readonly id: string;
  /** Parameters are in braces, as in OpenAPI. */
  readonly path: string;
  readonly auth: Auth;
  /** The required permission. Null for public operations, and for operations on the caller's own account. */
  readonly permission: Permission | null;
  /** The required access. Absent: access to the workspaces that the request names. It is checked before the operation begins. */
  readonly reach?: NeededReach;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is a file: any bytes, or a form with one file. The handler receives its content while it arrives. */
  readonly upload?: true;
  /**
   * Turns the JSON of a request into the body that the handler receives, in place of the strict parse by `body`.
   * For bodies that have more than one form. `strict` makes unknown fields an error (`Prefer: handling=strict`). `nowMs`: when the
   * request came, in milliseconds since 1970.
   */
  readonly normalise?: (
    json: unknown,
    options: { readonly strict: boolean; readonly nowMs: number },
  ) => ParseResult<unknown>;
  /** The successful answers by status. Null: an answer without a body. */
  readonly responses: Readonly<Record<number, z.ZodType | null>>;
  readonly errors: readonly ErrorName[];
  /** Set if `Accept: text/event-stream` gets a stream of server-sent events: what they are. */
  readonly eventStream?: string;
  /** Valid request bodies by name. */
  readonly examples?: Readonly<Record<string, Example>>;
}

/**
 * What the repetition of a POST with the same Idempotency-Key gets.
 *
 * - `safe`: the header has no effect and nothing is stored, not even a fingerprint of the body. For reads, for operations
 *   that a repetition does not harm, and for operations with passwords and codes.
 * - `message`: the answer is read from the stored message. For sends only.
 * - `answer`: the answer is stored and repeated. It contains no secret, and erasing a customer of its workspace deletes it.
 * - `once`: the operation is carried out at most once, and its answer is not stored, because it contains a secret that is
 *   shown once. The repetition gets an error that names the object, and `ifLost`: what to do without the answer.
 *   `{id}` in it stands for the id of the object.
 */
type Repetition =
  | { readonly method: 'GET' | 'PATCH' | 'DELETE'; readonly repetition?: undefined; readonly headers?: undefined }
  | { readonly method: 'POST'; readonly repetition: 'safe'; readonly headers?: undefined }
  | {
      readonly method: 'POST';
      readonly repetition: 'message';
      readonly headers: typeof SendHeaders | typeof IdempotentHeaders;
    }
  | { readonly method: 'POST'; readonly repetition: 'answer'; readonly headers: typeof IdempotentHeaders }
  | {
      readonly method: 'POST';
      readonly repetition: 'once';
      readonly headers: typeof IdempotentHeaders;
      readonly ifLost: string;
    };

export type OperationSpec = OperationParts & Repetition;

/** Declares an operation with its exact type. */
export const operation = <const O extends OperationSpec>(spec: O): O => spec;

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;
type Part<O, K extends string> = O extends { readonly [P in K]: infer S extends z.ZodType } ? z.output<S> : undefined;

type BodyOf<O> = O extends { readonly normalise: (...request: never) => ParseResult<infer T> } ? T : Part<O, 'body'>;

/** What a handler receives: the validated parts of the request. A part that the operation does not have is undefined. */
export interface InputOf<O extends OperationSpec> {
  readonly params: Part<O, 'params'>;
  readonly query: Part<O, 'query'>;
  readonly body: BodyOf<O>;
}

/** The body of a successful answer. */
export type OutputBodyOf<O extends OperationSpec> = OutputOf<O['responses'][keyof O['responses']]>;

/** The errors of every operation with this kind of credential. */
const authErrors: Readonly<Record<Auth, readonly ErrorName[]>> = {
  key: ['UNAUTHORIZED', 'DEPRECATED_API_KEY', 'FORBIDDEN', 'RATE_LIMITED'],
  any: ['UNAUTHORIZED', 'DEPRECATED_API_KEY', 'FORBIDDEN', 'RATE_LIMITED'],
  reader: ['UNAUTHORIZED', 'DEPRECATED_API_KEY', 'FORBIDDEN', 'RATE_LIMITED'],
  none: [],
};

const repetitionErrors: Readonly<Record<NonNullable<OperationSpec['repetition']>, readonly ErrorName[]>> = {
  safe: [],
  message: ['IDEMPOTENCY_CONFLICT', 'IDEMPOTENCY_MISMATCH'],
  answer: ['IDEMPOTENCY_CONFLICT', 'IDEMPOTENCY_MISMATCH', 'NOT_REPEATABLE'],
  once: ['IDEMPOTENCY_CONFLICT', 'IDEMPOTENCY_MISMATCH', 'NOT_REPEATABLE'],
};

/** All errors that an operation can answer with. */
export const errorsOf = (spec: OperationSpec): readonly ErrorName[] => {
  const body: readonly ErrorName[] =
    spec.body === undefined ? [] : ['ARGUMENT_MISSING', 'TYPE_MISMATCH', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
  const idempotency = repetitionErrors[spec.repetition ?? 'safe'];
  const query: readonly ErrorName[] = spec.query === undefined ? [] : ['TYPE_MISMATCH'];
  const general: readonly ErrorName[] = spec.auth === 'none' ? [] : ['INTERNAL', 'UNAVAILABLE'];
  return [...new Set([...spec.errors, ...authErrors[spec.auth], ...body, ...query, ...idempotency, ...general])];
};
