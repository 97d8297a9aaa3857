import { ApiError, ConnectionError } from '@chatferry/sdk';
import { problemLine } from './output.ts';
import { DeclinedError, UsageError } from './usage-error.ts';

export interface Failure {
  readonly exitCode: 1 | 2 | 3;
  readonly text: string;
  /** The same for `--json`. */
  readonly json: unknown;
}

/** What happened, for whom it happened to. Undefined for a fault of our own. */
export const describeFailure = (error: unknown, url: string): Failure | undefined => {
  if (error instanceof ApiError) return refused(error);
  if (error instanceof ConnectionError) return unreached(error, url);
  if (error instanceof UsageError) {
    const example = error.example === undefined ? '' : `\nFor example: ${error.example}`;
    return { exitCode: 2, text: error.message + example, json: { error: error.message } };
  }
  if (error instanceof DeclinedError) return { exitCode: 1, text: error.message, json: { error: error.message } };
  return undefined;
};

const hints: Readonly<Partial<Record<ApiError['name'], string>>> = {
  UNAUTHORIZED:
    'Check --admin-token and --data-dir for workspaces, channels and keys, or --key for sends and messages.',
  OUTCOME_UNKNOWN: 'Do not send again before you know: chatferry messages show MESSAGE_ID',
};

/** A problem beneath the sentence; what the sentence has said already is not said again. */
const detailLine = (problem: ApiError['details'][number], sentence: string): readonly string[] => {
  if (problem.message !== sentence) return [problemLine(problem)];
  return problem.pointer === '' ? [] : [`  at ${problem.pointer}`];
};

const refused = (error: ApiError): Failure => {
  const body = {
    request_id: error.requestId,
    error_code: error.code,
    error_name: error.name,
    error: error.message,
    ...(error.details.length === 0 ? {} : { details: error.details }),
    ...(error.messageId === undefined ? {} : { message_id: error.messageId }),
    ...(error.telegram === undefined ? {} : { telegram: error.telegram }),
  };
  const hint = hints[error.name];
  const lines = [
    `Refused: ${error.message}`,
    ...error.details.flatMap((problem) => detailLine(problem, error.message)),
    ...(error.telegram === undefined
      ? []
      : [`  Telegram said: ${error.telegram.error_code} ${error.telegram.description}`]),
    ...(error.messageId === undefined ? [] : [`  message_id: ${error.messageId}`]),
    ...(error.retryAfterMs === undefined ? [] : [`  Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`]),
    ...(hint === undefined ? [] : [hint]),
    `error ${error.code} ${error.name}, HTTP ${error.status}, request_id ${error.requestId}`,
  ];
  return { exitCode: 1, text: lines.join('\n'), json: body };
};

/** Faults of a name, a way or a port: no connection came about, and nothing was sent. */
const neverConnected: Readonly<Record<string, string>> = {
  ENOTFOUND: 'There is no host of this name',
  EAI_AGAIN: 'The name of the host could not be looked up',
  EHOSTUNREACH: 'There is no way to this host',
  ENETUNREACH: 'There is no way to this network',
  UND_ERR_CONNECT_TIMEOUT: 'Nobody there took the connection',
  // The fetch standard: ports of other services are not called, and the error has a message alone.
  'bad port': 'This port belongs to another service, and is not called',
};

const whyNeverConnected = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : error.message;
  return Object.hasOwn(neverConnected, code) ? neverConnected[code] : whyNeverConnected(error.cause);
};

const unreached = (error: ConnectionError, url: string): Failure => {
  const { kind, idempotencyKey } = error;
  const why = kind === 'broken' ? whyNeverConnected(error.cause) : undefined;
  const lines =
    kind === 'refused' || why !== undefined
      ? [
          why === undefined
            ? `No gateway answers at ${url}: the connection was refused, and nothing was sent.`
            : `${url} cannot be reached: ${why}; nothing was sent.`,
          'Start it with npm start, or give its address with --url or CHATFERRY_URL.',
        ]
      : [
          `${url}: ${error.message}`,
          ...(idempotencyKey === undefined || kind === 'foreign' ? [] : [`The idempotency key was ${idempotencyKey}.`]),
          'Whether it runs: chatferry health. Give its address with --url or CHATFERRY_URL, or start it with npm start.',
        ];
  return {
    exitCode: 3,
    text: lines.join('\n'),
    json: { error: lines.join(' '), kind: why === undefined ? kind : 'refused' },
  };
};
