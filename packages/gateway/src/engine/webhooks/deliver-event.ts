import type { Event } from '@chatferry/contract';
import { judgeAttempt, type WebhookVerdict } from '../../core/webhooks/judge-attempt.ts';
import type { EngineLog } from '../../ports/log.ts';
import { dayOfEvent } from '../../store/event-ids.ts';
import type { StoredEvent } from '../../store/events.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WebhookEndpointRecord } from '../../store/webhook-endpoints.ts';
import type { JobEnd } from '../lanes/job.ts';
import { type AttemptDeps, attemptWebhook, recordOf, type WebhookAttempt } from './attempt-webhook.ts';

export type DeliverEventStore = StoreSlice<{
  readonly webhookDue: 'readEndpoint' | 'readEvent';
  readonly webhookDeliveries: 'record';
  readonly webhookEndpoints: 'recordSuccess' | 'recordFailure';
  readonly webhookQueue: 'wake';
}>;

export interface DeliverEventDeps extends AttemptDeps {
  readonly store: DeliverEventStore;
  readonly showEvent: (stored: StoredEvent) => Event;
  readonly log: EngineLog;
  /** Called after lanes became due. */
  readonly onDue: () => void;
  /** Called after an endpoint was disabled. */
  readonly onDisabled: () => void;
}

/** How often a job looks whether its endpoint is enabled again. To enable it ends the wait. */
const disabledWaitMs = 3_600_000;

/** After so many failed attempts in a row an accepted one means that an outage is over, and not that some events are refused. */
const outageFailures = 5;

interface Payload {
  readonly endpointId: string;
  readonly eventId: string;
  readonly round: number;
}

/**
 * Sends one event to one endpoint. The event is read and signed at the time of the attempt. An event that is no longer
 * stored, or was erased, is not sent.
 */
export async function deliverEvent(deps: DeliverEventDeps, lane: ClaimedLane, job: Job): Promise<JobEnd> {
  const { endpointId, eventId, round } = job.payload as unknown as Payload;
  const [endpoint, event] = await Promise.all([
    deps.store.webhookDue.readEndpoint(endpointId),
    deps.store.webhookDue.readEvent(eventId),
  ]);
  if (endpoint === null || event === null || isPassed(endpoint, eventId, round)) return { kind: 'done' };
  if (!endpoint.enabled) {
    return { kind: 'later', wishMs: disabledWaitMs, exactly: true, detail: 'the endpoint is disabled' };
  }
  const body = JSON.stringify(deps.showEvent(event));
  const attempt = await attemptWebhook(deps, endpoint, { eventId, body });
  // The lane counts the failures of its first job.
  const failures = lane.jobs[0]?.seq === job.seq ? lane.failures : 0;
  const verdict = judgeAttempt(attempt.outcome, failures);
  await recordAttempt(deps, endpoint, event, attempt, verdict);
  return followVerdict(deps, endpoint, verdict);
}

/** Whether a later round of the endpoint takes care of the event, or leaves it out on purpose. */
const isPassed = (endpoint: WebhookEndpointRecord, eventId: string, round: number): boolean =>
  round < endpoint.round && eventId > endpoint.keptTo;

function recordAttempt(
  { store }: DeliverEventDeps,
  endpoint: WebhookEndpointRecord,
  event: StoredEvent,
  attempt: WebhookAttempt,
  verdict: WebhookVerdict,
): Promise<true> {
  return store.webhookDeliveries.record({
    endpointId: endpoint.id,
    eventId: event.id,
    eventOn: dayOfEvent(event.id),
    workspaceId: endpoint.workspaceId,
    type: event.type,
    channelId: event.channelId,
    chatId: event.chatId,
    messageId: event.messageId,
    state: verdict.kind === 'delivered' ? 'delivered' : verdict.kind === 'given-up' ? 'failed' : 'waiting',
    attempt: recordOf(attempt, verdict.kind === 'delivered' ? null : verdict.detail),
  });
}

async function followVerdict(
  deps: DeliverEventDeps,
  endpoint: WebhookEndpointRecord,
  verdict: WebhookVerdict,
): Promise<JobEnd> {
  if (verdict.kind === 'delivered') {
    if (endpoint.failures > 0) await endOutage(deps, endpoint);
    return { kind: 'done' };
  }
  const { detail } = verdict;
  const isDisabled = await deps.store.webhookEndpoints.recordFailure(endpoint.id, {
    detail,
    isGone: verdict.kind === 'gone',
  });
  if (isDisabled) {
    deps.log.error('webhook.disabled', { endpointId: endpoint.id, workspaceId: endpoint.workspaceId, detail });
    deps.onDisabled();
  }
  if (verdict.kind === 'given-up') {
    deps.log.error('webhook.given_up', { endpointId: endpoint.id, detail });
    return { kind: 'done' };
  }
  if (verdict.kind === 'gone') return { kind: 'later', wishMs: disabledWaitMs, exactly: true, detail };
  return { kind: 'later', wishMs: verdict.wishMs, detail };
}

/** What waits for the endpoint need not wait any longer. An endpoint that only refuses some events is no outage. */
async function endOutage({ store, onDue }: DeliverEventDeps, { id }: WebhookEndpointRecord): Promise<void> {
  const failures = await store.webhookEndpoints.recordSuccess(id);
  if (failures < outageFailures) return;
  if ((await store.webhookQueue.wake(id)) > 0) onDue();
}
