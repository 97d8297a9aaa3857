/** The command line cannot be carried out as it stands; the sentence says which part, the example what it may look like. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly example: string | undefined;

  constructor(message: string, example?: string) {
    super(message);
    this.example = example;
  }
}

/** The person answered a question with no. */
export class DeclinedError extends Error {
  override readonly name = 'DeclinedError';
}
