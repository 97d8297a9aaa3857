import { type DestinationStream, type Logger, pino } from 'pino';
import { scrub } from '../core/access/scrub.ts';
import { errorCodeOf } from '../errors/error-code.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * The log of the process: one JSON object per line. `event` is a constant of the form `noun.verbed`; data is in the
 * other fields. Everything that looks like a bot token or an API key is removed from errors. Message texts and phone
 * numbers are never logged.
 */
export interface Log {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
  /** The logger with pino's order of arguments, for libraries that use it. */
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

/** Describes an error by an allow-list of fields, because libraries attach URLs and requests to their errors. */
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
