/** A reason not to start that a person can mend: the message says what is wrong and what to do; no stack is needed. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
