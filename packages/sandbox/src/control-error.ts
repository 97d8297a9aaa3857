/** A refused call of the control API. The message is one sentence that says what to do. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}
