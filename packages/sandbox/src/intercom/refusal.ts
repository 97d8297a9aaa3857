import type { Answer } from '../faults.ts';

/** A call that Intercom turns down; it ends the request and becomes an `error.list`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Intercom: `{"type":"error.list","request_id","errors":[{code,message,field}]}` for every refusal. */
export function refusalAnswer(refusal: Refusal, requestId: string): Answer {
  return {
    status: refusal.status,
    headers: { ...refusal.headers, 'x-request-id': requestId },
    body: {
      type: 'error.list',
      request_id: requestId,
      errors: [{ code: refusal.code, message: refusal.message, field: null }],
    },
  };
}

export const unauthorized = () => new Refusal(401, 'unauthorized', 'Access Token Invalid');
export const resourceNotFound = () => new Refusal(404, 'not_found', 'Resource Not Found');
export const userNotFound = () => new Refusal(404, 'not_found', 'User Not Found');
export const invalid = (message: string) => new Refusal(400, 'parameter_invalid', message);
export const missing = (message: string) => new Refusal(422, 'parameter_not_found', message);
export const contactExists = (id: string) =>
  new Refusal(409, 'conflict', `A contact matching those details already exists with id=${id}`);
export const archivedContactExists = (id: string) =>
  new Refusal(409, 'conflict', `An archived contact matching those details already exists with id=${id}`);
export const contactMerged = (canonicalId: string) =>
  new Refusal(410, 'contact_merged', "This contact has been merged. See the 'Link' header for the canonical contact.", {
    link: `</contacts/${canonicalId}>; rel="canonical"`,
  });
export const rateLimited = (limit: number, headers: Readonly<Record<string, string>>) =>
  new Refusal(429, 'rate_limit_exceeded', `Exceeded rate limit of ${limit} in 10_seconds`, headers);
