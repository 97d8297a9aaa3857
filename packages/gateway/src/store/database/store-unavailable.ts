import { errorCodeOf, isErrorCode } from '../../errors/error-code.ts';

/** The driver's messages, without a code, about a connection that broke or could not be opened. */
const driverMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * Whether an error means that the database is unavailable (not reachable, restarting, out of connections, now a
 * standby), and not that it refused a statement. PostgreSQL: an error with the severity FATAL ends the session, or
 * refuses it.
 */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('severity' in error) {
    const code = errorCodeOf(error) ?? '';
    return error.severity === 'FATAL' || error.severity === 'PANIC' || /^(08|53|57P)/.test(code) || code === '25006';
  }
  // The driver's message for an answer that did not arrive in time. It has no code.
  if (error.message === 'Query read timeout') return true;
  if (isErrorCode(error, 'ENOENT')) return 'syscall' in error && error.syscall === 'connect';
  return (
    isErrorCode(
      error,
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'ETIMEDOUT',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ENOTFOUND',
    ) ||
    isErrorCode(error, 'EAI_AGAIN') ||
    driverMessages.test(error.message)
  );
}
