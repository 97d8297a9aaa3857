/** A reason not to start that a person can mend: the message says what is wrong and what to do; no stack is needed. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** What a person is told of why a command ended: for what can be mended the sentence, for a bug where it happened. */
export function sayWhy(cause: unknown): string {
  if (cause instanceof StartError) return cause.message;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
