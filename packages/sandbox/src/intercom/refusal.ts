import type { Answer } from '../faults.ts';
import { Refusal } from '../inbox-server/refusal.ts';

/** A call that Intercom refuses: `{"type":"error.list","request_id","errors":[{code,message,field}]}`. */
export class IntercomRefusal extends Refusal {
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(status, message);
    this.code = code;
    this.headers = headers;
  }

  override get feedData() {
    return { code: this.code };
  }

  override answer(requestId: string): Answer {
    return {
      status: this.status,
      headers: { ...this.headers, [requestIdHeader]: requestId },
      body: {
        type: 'error.list',
        request_id: requestId,
        errors: [{ code: this.code, message: this.message, field: null }],
      },
    };
  }
}

export const requestIdHeader = 'x-request-id';

export const unauthorized = () => new IntercomRefusal(401, 'unauthorized', 'Access Token Invalid');
export const resourceNotFound = () => new IntercomRefusal(404, 'not_found', 'Resource Not Found');
export const userNotFound = () => new IntercomRefusal(404, 'not_found', 'User Not Found');
export const invalid = (message: string) => new IntercomRefusal(400, 'parameter_invalid', message);
export const missing = (message: string) => new IntercomRefusal(422, 'parameter_not_found', message);
export const contactExists = (id: string) =>
  new IntercomRefusal(409, 'conflict', `A contact matching those details already exists with id=${id}`);
export const archivedContactExists = (id: string) =>
  new IntercomRefusal(409, 'conflict', `An archived contact matching those details already exists with id=${id}`);
export const contactMerged = (canonicalId: string) =>
  new IntercomRefusal(
    410,
    'contact_merged',
    "This contact has been merged. See the 'Link' header for the canonical contact.",
    {
      link: `</contacts/${canonicalId}>; rel="canonical"`,
    },
  );
export const rateLimited = (limit: number, headers: Readonly<Record<string, string>>) =>
  new IntercomRefusal(429, 'rate_limit_exceeded', `Exceeded rate limit of ${limit} in 10_seconds`, headers);
