import type { Answer } from '../faults.ts';
import { Refusal } from '../inbox-server/refusal.ts';

export interface RefusalDetails {
  readonly subCategory?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields beside those of the envelope: a 429 has some. */
  readonly extraFields?: Readonly<Record<string, unknown>>;
}

/**
 * A call that HubSpot refuses: `{"status":"error","message","correlationId","category",…}`. Clients must treat every
 * field as optional.
 */
export class HubspotRefusal extends Refusal {
  readonly category: string;
  readonly details: RefusalDetails;

  constructor(status: number, category: string, message: string, details: RefusalDetails = {}) {
    super(status, message);
    this.category = category;
    this.details = details;
  }

  override get feedData() {
    return { category: this.category, message: this.message };
  }

  override answer(correlationId: string): Answer {
    const { headers, extraFields, ...details } = this.details;
    return {
      status: this.status,
      headers: { ...headers, [requestIdHeader]: correlationId },
      body: {
        status: 'error',
        message: this.message,
        correlationId,
        category: this.category,
        ...details,
        ...extraFields,
      },
    };
  }
}

export const requestIdHeader = 'x-hubspot-correlation-id';

export const invalid = (message: string, details: RefusalDetails = {}) =>
  new HubspotRefusal(400, 'VALIDATION_ERROR', message, details);
export const missing = (...names: string[]) =>
  invalid(`Invalid input JSON: some of required attributes are not set [${names.join(', ')}]`);
export const notFound = (what: string) => new HubspotRefusal(404, 'OBJECT_NOT_FOUND', `${what} not found`);
export const conflict = (message: string) => new HubspotRefusal(409, 'CONFLICT', message);
export const noCredentials = () =>
  new HubspotRefusal(
    401,
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  );
export const expired = (agoMs: number) =>
  new HubspotRefusal(
    401,
    'EXPIRED_AUTHENTICATION',
    `The OAuth token used to make this call expired ${Math.max(0, Math.floor(agoMs / 1000))} second(s) ago.`,
  );
/** HubSpot: a 429 has `errorType`, `policyName` and `Retry-After` in seconds. */
export const rateLimited = (headers: Readonly<Record<string, string>>) =>
  new HubspotRefusal(429, 'RATE_LIMITS', 'You have reached your ten_secondly_rolling limit.', {
    headers,
    extraFields: { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' },
  });
