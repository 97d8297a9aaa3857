import type { WebhookOutcome } from '../core/webhooks/judge-attempt.ts';

/** A signed request to an endpoint of a caller's backend. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of it. `answer` has at most the first 4 KB of the body, and is null without a whole head. */
export interface WebhookResponse {
  readonly outcome: WebhookOutcome;
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } | null;
}

/** Sends webhooks. Redirects are not followed, and private addresses are refused unless the operator allows them. */
export interface WebhookClient {
  post(request: WebhookRequest): Promise<WebhookResponse>;
  /** Why events cannot be sent to this address; null if nothing speaks against it now. It may look up the host. */
  refusalOf(url: string): Promise<string | null>;
}
