/** Whether `error` has one of these codes: Node's (`ENOENT`) or PostgreSQL's SQLSTATE (`40001`). */
export function isErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
