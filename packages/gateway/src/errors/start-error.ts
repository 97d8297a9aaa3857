/** A problem that prevents the start and that a person can fix. The message says what is wrong and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The text that explains to a person why a command ended: the message of a `StartError`, or the stack of a bug. */
export function describeFailure(cause: unknown): string {
  if (cause instanceof StartError) return cause.message;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
