import { ApiError, ConnectionError } from '@chatferry/sdk';
import { problemLine } from './output.ts';
import { DeclinedError, UsageError } from './usage-error.ts';

export interface Failure {
  readonly exitCode: 1 | 2 | 3;
  readonly text: string;
  /** The output for `--json`. */
  readonly json: unknown;
}

/** Explains an error to a person. Undefined for a bug of the command itself. */
export const describeFailure = (error: unknown, url: string): Failure | undefined => {
  if (error instanceof ApiError) return describeApiError(error);
  if (error instanceof ConnectionError) return describeConnectionError(error, url);
  if (error instanceof UsageError) {
    const example = error.example === undefined ? '' : `\nFor example: ${error.example}`;
    return { exitCode: 2, text: error.message + example, json: { error: error.message } };
  }
  if (error instanceof DeclinedError) return { exitCode: 1, text: error.message, json: { error: error.message } };
  return undefined;
};

const hints: Readonly<Partial<Record<ApiError['name'], string>>> = {
  UNAUTHORIZED:
    'Check --admin-token or --data-dir for administration, or CHATFERRY_KEY, --key or the profile for sends and messages.',
  OUTCOME_UNKNOWN: 'Do not send it again before you know the outcome: chatferry messages show MESSAGE_ID',
};

/** A problem below the sentence. A message that equals the sentence is not repeated. */
const detailLine = (problem: ApiError['details'][number], sentence: string): readonly string[] => {
  if (problem.message !== sentence) return [problemLine(problem)];
  return problem.pointer === '' ? [] : [`  at ${problem.pointer}`];
};

/** Words of others must not look like a further line of the command. */
const oneLine = (line: string): string => line.replaceAll(/[\r\n]+/g, ' ');

const describeApiError = (error: ApiError): Failure => {
  const body = {
    request_id: error.requestId,
    error_code: error.code,
    error_name: error.name,
    error: error.message,
    ...(error.docUrl === undefined ? {} : { doc_url: error.docUrl }),
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
    ...(error.docUrl === undefined ? [] : [`More: ${error.docUrl}`]),
    `error ${error.code} ${error.name}, HTTP ${error.status}, request_id ${error.requestId}`,
  ];
  return { exitCode: 1, text: lines.map(oneLine).join('\n'), json: body };
};

/** Errors without a connection: nothing was sent. The client explains the others. */
const neverConnected: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no host has this name',
  EAI_AGAIN: 'the DNS lookup failed',
  EHOSTUNREACH: 'there is no route to this host',
  ENETUNREACH: 'there is no route to this network',
  UND_ERR_CONNECT_TIMEOUT: 'the connection was not accepted in time',
  // The fetch standard blocks the ports of other services; this error has a message but no code.
  'bad port': 'this port is blocked because it belongs to another service',
};

const explainNoConnection = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : error.message;
  return Object.hasOwn(neverConnected, code) ? neverConnected[code] : explainNoConnection(error.cause);
};

const describeConnectionError = (error: ConnectionError, url: string): Failure => {
  const { kind, idempotencyKey } = error;
  const why = explainNoConnection(error.cause);
  const isRefused = error.message.includes('refused the connection');
  const lines =
    isRefused || why !== undefined
      ? [
          why === undefined
            ? `No gateway answers at ${url}: the connection was refused. Nothing was sent.`
            : `${url} cannot be reached: ${why}. Nothing was sent.`,
          'Start it with chatferry start (npm start in a clone), or give its address with --url or CHATFERRY_URL.',
        ]
      : [
          `${url}: ${error.message}`,
          ...(idempotencyKey === undefined || kind === 'foreign' ? [] : [`The idempotency key was ${idempotencyKey}.`]),
          'Check whether it runs: chatferry health. Give its address with --url or CHATFERRY_URL, or start it with chatferry start.',
        ];
  return {
    exitCode: 3,
    text: lines.join('\n'),
    json: { error: lines.join(' '), kind },
  };
};
