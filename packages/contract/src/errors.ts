/**
 * The error catalogue: the only list of the errors that callers can get. Codes 1 to 6 belong to the API that the gateway is compatible with. The
 * numbers and statuses of codes 1 to 6 never change. Their texts may. Codes from 100 are additions. `message` is public and tells the caller what to do next; a more specific sentence may replace it.
 */
import { z } from 'zod';
import { type FailureReason, FailureReasonName } from './failure-reasons.ts';
import { bodyBytesMax } from './request-limits.ts';

const bodyLimit = `${bodyBytesMax / 1024} KiB`;

interface CatalogueFacts {
  readonly code: number;
  readonly status: number;
  /** What kind of error it is, in a few words. */
  readonly title: string;
  /** When it happens, for the reference. */
  readonly when: string;
  /** The default sentence of the answer. */
  readonly message: string;
  /** Whether the same request may be sent again without a risk that something happens twice. */
  readonly retryable: boolean;
}

const facts = {
  ARGUMENT_MISSING: {
    code: 1,
    status: 400,
    title: 'A required field is missing',
    when: 'A required parameter is absent, null, or (for destination_user_id and telegram_interactive_message) an empty string.',
    message: 'You must supply every required field in your request payload; `details` names the missing ones.',
    retryable: false,
  },
  EMPTY_BODY: {
    code: 2,
    status: 400,
    title: 'The message has no visible text',
    when: 'The message text is empty, or has no character that is visible in Telegram.',
    message: 'You must supply a message text with at least one visible character.',
    retryable: false,
  },
  USER_NOT_FOUND: {
    code: 3,
    status: 400,
    title: 'Telegram does not know this chat',
    when: "Telegram does not know this chat for this bot: a wrong id, or a user who never started the bot. `telegram` contains Telegram's own answer.",
    message:
      "The recipient's Telegram user cannot be found on this channel. Check the chat id, and ask the recipient to start a chat with your bot first.",
    retryable: false,
  },
  TYPE_MISMATCH: {
    code: 4,
    status: 400,
    title: 'A part of the request is wrong',
    when: 'A part of the request has the wrong type or value, exceeds a limit, or is not JSON.',
    message: 'You must correct the request payload; `details` names every place with a wrong type or value.',
    retryable: false,
  },
  TELEGRAM_REJECTED: {
    code: 5,
    status: 400,
    title: 'Telegram refused',
    when: "Telegram refused the send, for example because the recipient has blocked the bot. `reason` says why, and `telegram` contains Telegram's own answer.",
    message: 'Telegram rejected the message. `reason` says why, and `telegram` has its own words.',
    retryable: false,
  },
  DEPRECATED_API_KEY: {
    code: 6,
    status: 400,
    title: 'The API key has ended',
    when: 'The API key was rotated or revoked, or it has expired.',
    message: 'This API key was rotated, revoked or has expired. Fetch the current key of the channel and use that one.',
    retryable: false,
  },
  UNAUTHORIZED: {
    code: 101,
    status: 401,
    title: 'No valid credential',
    when: 'The request has no key, or a key that the gateway does not know.',
    message: 'You must supply a valid API key in the X-Octopods-Auth header (or as a bearer token in Authorization).',
    retryable: false,
  },
  FORBIDDEN: {
    code: 102,
    status: 403,
    title: 'The credential may not do this',
    when: 'The credential is valid but may not do this: its scopes, role, workspaces or networks do not allow it, or it names a server that only the operator may name.',
    message:
      'This credential may not do this. `details` names what is missing. Use another credential, or ask your administrator.',
    retryable: false,
  },
  FEATURE_DISABLED: {
    code: 103,
    status: 403,
    title: 'The channel cannot send',
    when: 'Interactive sending is switched off for this channel, or the channel is not active.',
    message:
      'This channel cannot send: interactive sending is switched off or the channel is not active. Ask the administrator to check the channel.',
    retryable: false,
  },
  NOT_FOUND: {
    code: 104,
    status: 404,
    title: 'There is nothing here',
    when: 'The path or the object does not exist, or the credential has no access to it.',
    message: 'Nothing was found at this address for this key. Check the path and the id.',
    retryable: false,
  },
  METHOD_NOT_ALLOWED: {
    code: 105,
    status: 405,
    title: 'The path has no such method',
    when: 'The path exists but does not support this method.',
    message: 'This path does not support this method. Use one of the methods in the Allow header.',
    retryable: false,
  },
  IDEMPOTENCY_CONFLICT: {
    code: 109,
    status: 409,
    title: 'The first request is still in progress',
    when: 'A request with the same Idempotency-Key is still in progress.',
    message:
      'A request with this Idempotency-Key is still in progress. Repeat this request after the seconds in the Retry-After header to get its answer.',
    retryable: true,
  },
  NOT_REPEATABLE: {
    code: 110,
    status: 409,
    title: 'The answer cannot be given again',
    when: 'A request with this Idempotency-Key was carried out, or may have been, and its answer cannot be given again: it contained a secret that is shown once, a customer in it was erased, or the gateway stopped before it knew the outcome.',
    message:
      'A request with this Idempotency-Key was carried out, or may have been, and its answer cannot be given again. Look at what exists, and use a new Idempotency-Key for another request.',
    retryable: false,
  },
  ALREADY_CONNECTED: {
    code: 111,
    status: 409,
    title: 'It is connected already',
    when: 'The bot or the account of the inbox is connected to this gateway already. Each can be connected once.',
    message:
      'This is connected to this gateway already, and it can be connected only once. Use another one, or delete the first one.',
    retryable: false,
  },
  PAYLOAD_TOO_LARGE: {
    code: 113,
    status: 413,
    title: 'The body is too large',
    when: `The body is larger than ${bodyLimit}.`,
    message: `The request body is larger than ${bodyLimit}. Shorten it.`,
    retryable: false,
  },
  UPLOADS_FULL: {
    code: 114,
    status: 413,
    title: 'There is no room for another upload',
    when: 'The files that the workspace has uploaded and that are kept would exceed its room together with this one.',
    message:
      'The uploads of this workspace have no room for this file. Use the id of an earlier upload, or wait until some are deleted: each is kept for 24 hours.',
    retryable: false,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    code: 115,
    status: 415,
    title: 'The body is not JSON',
    when: 'The Content-Type is not JSON in UTF-8, or the body is compressed. A body without a Content-Type is read as JSON.',
    message:
      'The request body must be JSON in UTF-8 and not compressed. Send it with Content-Type: application/json and without Content-Encoding.',
    retryable: false,
  },
  IDEMPOTENCY_MISMATCH: {
    code: 122,
    status: 422,
    title: 'The key belongs to another body',
    when: 'The Idempotency-Key was used before with another body.',
    message: 'This Idempotency-Key was used before with another body. Use a new key for a new message.',
    retryable: false,
  },
  INBOX_REFUSED: {
    code: 123,
    status: 422,
    title: 'The inbox refuses the credential',
    when: 'The inbox refuses the credential that the request gives, or the one that the workspace has.',
    message: 'The inbox refuses this credential. Copy it again from the page that the sentence names.',
    retryable: false,
  },
  RATE_LIMITED: {
    code: 129,
    status: 429,
    title: 'Too many requests',
    when: 'The limit of the key or of the chat is reached, Telegram demands a wait that is too long for a request, or your network presented too many unknown credentials or too many bytes at once. Nothing was sent.',
    message: 'Too many requests; nothing was sent. Repeat this request after the seconds in the Retry-After header.',
    retryable: true,
  },
  INTERNAL: {
    code: 150,
    status: 500,
    title: 'The gateway failed',
    when: 'The gateway failed because of a bug. Its log shows the cause together with the request id.',
    message: 'The gateway failed. Report the request_id to its operator before you send again.',
    retryable: false,
  },
  UNAVAILABLE: {
    code: 153,
    status: 503,
    title: 'The gateway is busy or cut off',
    when: 'The gateway cannot process the request now. Nothing was sent and nothing is pending.',
    message:
      'The gateway cannot process requests now; nothing was sent. Repeat this request after the seconds in the Retry-After header.',
    retryable: true,
  },
  OUTCOME_UNKNOWN: {
    code: 154,
    status: 504,
    title: 'The message may have been sent',
    when: 'The request went to Telegram but no answer arrived in time: the message may have been sent. The body contains message_id.',
    message:
      'Telegram has not confirmed the message: it may have been sent. Do not send it again; GET /api/v1/messages/{message_id} shows its state.',
    retryable: false,
  },
} as const satisfies Record<string, CatalogueFacts>;

export type ErrorName = keyof typeof facts;
export type ErrorCode = (typeof facts)[ErrorName]['code'];

export interface CatalogueEntry extends CatalogueFacts {
  readonly code: ErrorCode;
  readonly name: ErrorName;
  /** The place in the documentation: a path in the repository with an anchor. */
  readonly docs: string;
  /** The page about the error that every gateway serves: a path. */
  readonly page: string;
}

/** All entries, by ascending code. */
export const errorCatalogue: readonly CatalogueEntry[] = (Object.keys(facts) as ErrorName[])
  .map((name) => ({
    name,
    ...facts[name],
    docs: `docs/errors.md#${facts[name].code}-${name.toLowerCase()}`,
    page: `/docs/errors/${name}`,
  }))
  .sort((a, b) => a.code - b.code);

const byName = new Map(errorCatalogue.map((entry) => [entry.name, entry]));
const byCode = new Map<number, CatalogueEntry>(errorCatalogue.map((entry) => [entry.code, entry]));

/** The entry with this name. */
export const errorNamed = (name: ErrorName): CatalogueEntry => {
  const entry = byName.get(name);
  if (entry === undefined) throw new Error(`The error catalogue has no ${name}; add it to errors.ts.`);
  return entry;
};

/** The entry with this code. Undefined for an unknown code. */
export const errorCoded = (code: number): CatalogueEntry | undefined => byCode.get(code);

/** One problem of a request: an RFC 6901 pointer into the body (`#/headers/…` or `#/query/…` for other parts of the request) and a sentence. */
export const Problem = z
  .strictObject({
    pointer: z.string().meta({ examples: ['/telegram_interactive_message/type'] }),
    message: z.string(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** The body of every error answer. `request_id`, `error_code` and `error` belong to the API that the gateway is compatible with; the others are additions. */
export const ErrorBody = z
  .strictObject({
    request_id: z.uuid(),
    error_code: z.int().meta({ description: 'The code of the error in the catalogue.' }),
    error_name: z.enum(errorCatalogue.map((entry) => entry.name) as [ErrorName, ...ErrorName[]]),
    error: z.string().meta({ description: 'A sentence for people, with what to do next.' }),
    doc_url: z.url().meta({
      description: 'The page about this error: its cause, what to do, and an example. The gateway serves it itself.',
      examples: ['https://chat.example.com/docs/errors/TYPE_MISMATCH'],
    }),
    details: z.array(Problem).optional().meta({ description: 'All problems of the request, not only the first.' }),
    message_id: z.int().optional().meta({ description: 'Present if the message was stored.' }),
    telegram: z
      .strictObject({ error_code: z.int(), description: z.string() })
      .optional()
      .meta({ description: "Telegram's own answer (errors 3 and 5)." }),
    reason: FailureReasonName.optional().meta({ description: 'Why Telegram refused the message (errors 3 and 5).' }),
  })
  .meta({ id: 'ErrorBody' });
export type ErrorBody = z.infer<typeof ErrorBody>;

/**
 * The body of an error answer as problem details (RFC 9457), for callers that accept `application/problem+json`. `type` is the
 * `doc_url` and `detail` the `error` of the other form; the rest of its fields are extension members.
 */
export const ProblemDetails = z
  .strictObject({
    type: z.url().meta({ description: 'The page about this error. It is the same for every error with this name.' }),
    title: z.string().meta({ description: 'What kind of error it is, in a few words.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'A sentence for people, with what to do next.' }),
    instance: z.string().meta({ description: 'The request, as `urn:uuid:` with its id.' }),
    ...ErrorBody.omit({ error: true, doc_url: true }).shape,
  })
  .meta({ id: 'ProblemDetails' });
export type ProblemDetails = z.infer<typeof ProblemDetails>;

export interface ErrorBodyParts {
  readonly requestId: string;
  readonly name: ErrorName;
  /** The address of the gateway that serves the page about the error, without a slash at its end. */
  readonly base: string;
  /** Replaces the default sentence of the catalogue. */
  readonly message?: string | undefined;
  readonly details?: readonly Problem[] | undefined;
  readonly messageId?: number | undefined;
  readonly telegram?: { readonly error_code: number; readonly description: string } | undefined;
  readonly reason?: FailureReason | undefined;
}

/** Makes the body of an error answer. Fields without a value are left out. */
export const errorBody = (parts: ErrorBodyParts): ErrorBody => {
  const entry = errorNamed(parts.name);
  return {
    request_id: parts.requestId,
    error_code: entry.code,
    error_name: entry.name,
    error: parts.message ?? entry.message,
    doc_url: `${parts.base}${entry.page}`,
    ...(parts.details === undefined ? {} : { details: [...parts.details] }),
    ...(parts.messageId === undefined ? {} : { message_id: parts.messageId }),
    ...(parts.telegram === undefined ? {} : { telegram: parts.telegram }),
    ...(parts.reason === undefined ? {} : { reason: parts.reason }),
  };
};

/** The same answer as problem details. */
export const problemDetails = ({ error, doc_url, ...rest }: ErrorBody): ProblemDetails => {
  const { title, status } = errorNamed(rest.error_name);
  return { type: doc_url, title, status, detail: error, instance: `urn:uuid:${rest.request_id}`, ...rest };
};
