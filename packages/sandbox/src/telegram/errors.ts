/** Parameters of some errors, in addition to the description. */
export interface ErrorParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** An error of the Bot API. The HTTP status is `code`. */
export class BotApiError extends Error {
  readonly code: number;
  readonly parameters: ErrorParameters | undefined;

  constructor(code: number, description: string, parameters?: ErrorParameters) {
    super(description);
    this.name = 'BotApiError';
    this.code = code;
    this.parameters = parameters;
  }
}

/**
 * Telegram: the description is the name of the status and the message. The first letter of the message becomes lower
 * case, unless the second character is upper case or `_`, as in BUTTON_DATA_INVALID.
 */
function describe(prefix: string, message: string): string {
  const keepsCapital = /^.[A-Z_]/.test(message);
  return `${prefix}: ${keepsCapital ? message : message.charAt(0).toLowerCase() + message.slice(1)}`;
}

export const badRequest = (message: string, parameters?: ErrorParameters): BotApiError =>
  new BotApiError(400, describe('Bad Request', message), parameters);

export const forbidden = (message: string): BotApiError => new BotApiError(403, describe('Forbidden', message));

export const conflict = (message: string): BotApiError => new BotApiError(409, describe('Conflict', message));

export const tooManyRequests = (retryAfterS: number): BotApiError =>
  new BotApiError(429, `Too Many Requests: retry after ${retryAfterS}`, { retry_after: retryAfterS });

/** Telegram: the error for a late or second answer to a callback or inline query. */
export const queryTooOld = (): BotApiError =>
  badRequest('query is too old and response timeout expired or query ID is invalid');
