import type { WebhookOutcome } from '../../core/webhooks/judge-attempt.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WebhookClient } from '../../ports/webhook-client.ts';
import type { SealedEndpointSecrets, WebhookSecrets } from '../../secrets/webhook-secrets.ts';
import type { WebhookAttemptRecord } from '../../store/webhook-deliveries.ts';

export interface AttemptDeps {
  readonly client: Pick<WebhookClient, 'post'>;
  readonly secrets: Pick<WebhookSecrets, 'sign'>;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
}

export interface WebhookAttempt {
  readonly outcome: WebhookOutcome;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly headers: WebhookAttemptRecord['headers'];
  readonly answer: WebhookAttemptRecord['answer'];
}

/** Signs the body now and sends it once. */
export async function attemptWebhook(
  { client, secrets, clock }: AttemptDeps,
  endpoint: SealedEndpointSecrets & { readonly url: string },
  { eventId, body }: { readonly eventId: string; readonly body: string },
): Promise<WebhookAttempt> {
  const startedAtMs = clock.nowMs();
  const begunMs = clock.monotonicMs();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Chatferry',
    ...secrets.sign(endpoint, { eventId, atMs: startedAtMs, body }),
  };
  const { outcome, answer } = await client.post({ url: endpoint.url, headers, body });
  return { outcome, startedAtMs, durationMs: Math.round(clock.monotonicMs() - begunMs), headers, answer };
}

/** The attempt as it is stored. `error`: why the event was not accepted. */
export const recordOf = (attempt: WebhookAttempt, error: string | null): WebhookAttemptRecord => ({
  at: new Date(attempt.startedAtMs).toISOString(),
  durationMs: attempt.durationMs,
  headers: attempt.headers,
  answer: attempt.answer,
  error,
});
