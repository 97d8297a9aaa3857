/** The code of an error, Node's (`ENOENT`) or PostgreSQL's SQLSTATE (`40001`); null where it has none. */
export const errorCodeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Whether `error` has one of these codes. */
export function isErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = errorCodeOf(error);
  return code !== null && codes.includes(code);
}
