import { type DestinationStream, type Logger, pino } from 'pino';
import { scrub } from '../core/access/scrub.ts';
import { errorCodeOf } from '../errors/error-code.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * The process's log: one JSON object a line, `event` is a constant `noun.verbed`, data in fields. Errors are written without
 * anything that looks like a bot token or one of our keys; message texts and phone numbers are never logged.
 */
export interface Log {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
  /** pino's own argument order, for libraries that bring it. */
  readonly pino: Logger;
}

export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    messageKey: 'event',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: ['authorization', 'token', 'secret', 'headers'], remove: true },
  };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  const at =
    (write: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) =>
      logger[write](fields, event);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), pino: logger };
}

interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

const causesMax = 5;

/** An error from an allow-list of its fields: what libraries hang on their errors (a URL, a request) stays out. */
export function describeError(err: unknown, depth = 0): ErrorDescription {
  if (!(err instanceof Error)) return { name: typeof err, message: scrub(String(err)) };
  const code = errorCodeOf(err);
  return {
    name: err.name,
    message: scrub(err.message),
    ...(code === null ? {} : { code }),
    ...(err.stack === undefined ? {} : { stack: scrub(err.stack) }),
    ...(err.cause === undefined || depth === causesMax ? {} : { cause: describeError(err.cause, depth + 1) }),
  };
}
