import type { Answer } from '../faults.ts';

export interface RefusalDetails {
  readonly subCategory?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields beside the envelope, as a 429 has them. */
  readonly also?: Readonly<Record<string, unknown>>;
}

/** A call that HubSpot turns down; it ends the request and becomes HubSpot's error envelope. */
export class Refusal extends Error {
  readonly status: number;
  readonly category: string;
  readonly details: RefusalDetails;

  constructor(status: number, category: string, message: string, details: RefusalDetails = {}) {
    super(message);
    this.status = status;
    this.category = category;
    this.details = details;
  }
}

/** HubSpot: `{"status":"error","message","correlationId","category",…}`; clients must take every field as optional. */
export function refusalAnswer(refusal: Refusal, correlationId: string): Answer {
  const { headers, also, ...details } = refusal.details;
  return {
    status: refusal.status,
    headers: { ...headers, 'x-hubspot-correlation-id': correlationId },
    body: {
      status: 'error',
      message: refusal.message,
      correlationId,
      category: refusal.category,
      ...details,
      ...also,
    },
  };
}

export const invalid = (message: string, details: RefusalDetails = {}) =>
  new Refusal(400, 'VALIDATION_ERROR', message, details);
export const missing = (...names: string[]) =>
  invalid(`Invalid input JSON: some of required attributes are not set [${names.join(', ')}]`);
export const notFound = (what: string) => new Refusal(404, 'OBJECT_NOT_FOUND', `${what} not found`);
export const conflict = (message: string) => new Refusal(409, 'CONFLICT', message);
export const noCredentials = () =>
  new Refusal(
    401,
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  );
export const expired = (agoMs: number) =>
  new Refusal(
    401,
    'EXPIRED_AUTHENTICATION',
    `The OAuth token used to make this call expired ${Math.max(0, Math.floor(agoMs / 1000))} second(s) ago.`,
  );
/** HubSpot: 429 carries `errorType`, `policyName` and `Retry-After` in seconds. */
export const rateLimited = (headers: Readonly<Record<string, string>>) =>
  new Refusal(429, 'RATE_LIMITS', 'You have reached your ten_secondly_rolling limit.', {
    headers,
    also: { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' },
  });
