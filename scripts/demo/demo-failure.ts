import { ApiError, ConnectionError } from '@chatferry/sdk';

/** What went wrong, for a person: what was wanted, what came instead, what to do. No stack is needed. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';

  constructor(message: string, options?: ErrorOptions) {
    super(message.includes('\n') || /[.!?]$/.test(message) ? message : `${message}.`, options);
  }
}

/** The person ended it before the scene was over. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Names the step at which something went wrong. Bugs of the demo itself pass as they are. */
export async function atStep<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DemoFailure) throw new DemoFailure(`${step}: ${cause.message}`, { cause });
    if (cause instanceof ApiError) {
      const details = cause.details.map(({ message }) => ` ${message}`).join('');
      throw new DemoFailure(`${step}: the gateway answered ${cause.status}: ${cause.message}${details}`, { cause });
    }
    if (cause instanceof ConnectionError) throw new DemoFailure(`${step}: ${cause.message}`, { cause });
    if (cause instanceof Error && cause.name === 'ControlError')
      throw new DemoFailure(`${step}: the sandbox refused it: ${cause.message}`, { cause });
    throw cause;
  }
}
