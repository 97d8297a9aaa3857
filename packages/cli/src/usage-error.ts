/** The command line is wrong. The message names the wrong part; the example shows a correct one. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly example: string | undefined;

  constructor(message: string, example?: string) {
    super(message);
    this.example = example;
  }
}

/** The person did not confirm, or closed the input. */
export class DeclinedError extends Error {
  override readonly name = 'DeclinedError';
}
