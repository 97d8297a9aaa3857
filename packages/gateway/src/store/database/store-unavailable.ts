import { errorCodeOf, isErrorCode } from '../../errors/error-code.ts';

/** What the driver says, without a code, of a connection that broke or never came. */
const driverWords =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * Whether an error says that the database is away (not reachable, restarting, full of connections, a standby now),
 * and not that it refused a statement. PostgreSQL: FATAL ends the session or never begins it.
 */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('severity' in error) {
    const code = errorCodeOf(error) ?? '';
    return error.severity === 'FATAL' || error.severity === 'PANIC' || /^(08|53|57P)/.test(code) || code === '25006';
  }
  // The driver's word for an answer that never came; it has no code.
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
    driverWords.test(error.message)
  );
}
