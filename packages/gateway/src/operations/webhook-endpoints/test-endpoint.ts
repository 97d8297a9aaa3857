import type { Input, Output } from '@chatferry/contract';
import { judgeAttempt } from '../../core/webhooks/judge-attempt.ts';
import { attemptWebhook, recordOf } from '../../engine/webhooks/attempt-webhook.ts';
import type { RequestContext } from '../context.ts';
import { showAttempt } from './list-deliveries.ts';
import { findEndpoint } from './show-endpoint.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Its id does not begin like that of an event of the log, so that no receiver takes it for one. */
export async function testWebhookEndpoint(
  deps: WebhookDeps,
  _context: RequestContext,
  { params }: Input<'testWebhookEndpoint'>,
): Promise<Output<'testWebhookEndpoint'>> {
  const endpoint = await findEndpoint(deps, params.endpoint_id);
  const eventId = `test_${deps.random.uuid()}`;
  const body = JSON.stringify({
    id: eventId,
    type: 'webhook.test',
    occurred_at: new Date(deps.clock.nowMs()).toISOString(),
    workspace_id: endpoint.workspaceId,
    channel_id: null,
    data: { endpoint_id: endpoint.id },
  });
  const attempt = await attemptWebhook(deps, endpoint, { eventId, body });
  const verdict = judgeAttempt(attempt.outcome, 0);
  return showAttempt(recordOf(attempt, verdict.kind === 'delivered' ? null : verdict.detail));
}
