import { ApiError, ConnectionError } from '@chatferry/sdk';
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
    ...error.details.map(({ pointer, message }) => `  ${pointer === '' ? '-' : pointer}: ${message}`),
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

const unreached = (error: ConnectionError, url: string): Failure => {
  const { kind, idempotencyKey } = error;
  const lines =
    kind === 'refused'
      ? [
          `No gateway answers at ${url}; nothing was sent.`,
          'Start it with npm start, or give its address with --url or CHATFERRY_URL.',
        ]
      : [
          `${url}: ${error.message}`,
          ...(idempotencyKey === undefined || kind === 'foreign' ? [] : [`The idempotency key was ${idempotencyKey}.`]),
          'Whether it runs: chatferry health. Give its address with --url or CHATFERRY_URL, or start it with npm start.',
        ];
  return { exitCode: 3, text: lines.join('\n'), json: { error: lines.join(' '), kind } };
};
