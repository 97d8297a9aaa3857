import { ApiError, ConnectionError } from '@chatferry/sdk';

/** What went wrong, in words for the person at the terminal. It is shown without a stack trace. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';

  constructor(message: string, options?: ErrorOptions) {
    super(message.includes('\n') || /[.!?]$/.test(message) ? message : `${message}.`, options);
  }
}

/** The person ended the demo before the scene was over. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Names the step at which something went wrong. Bugs of the demo itself pass unchanged. */
export async function atStep<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const why = explain(cause);
    throw why === null ? cause : new DemoFailure(`${step}: ${why}`, { cause });
  }
}

function explain(cause: unknown): string | null {
  if (cause instanceof DemoFailure || cause instanceof ConnectionError) return cause.message;
  if (cause instanceof ApiError) {
    const details = cause.details.map(({ message }) => ` ${message}`).join('');
    return `the gateway answered ${cause.status}: ${cause.message}${details}`;
  }
  return cause instanceof Error && cause.name === 'ControlError' ? `the sandbox refused it: ${cause.message}` : null;
}
