import type { WebhookClient, WebhookResponse } from '@chatferry/gateway/internal/ports/webhook-client';
import { readLastEvent } from '@chatferry/testkit/memory-store/events';
import { countQueuedEvents } from '@chatferry/testkit/memory-store/webhooks';
import type { Owner } from './event-queue.ts';
import type { World } from './world.ts';

/** A webhook that arrived at the backend of a caller, in order of arrival. */
export interface Arrival {
  readonly endpointId: string;
  readonly eventId: string;
}

/** The backends of all workspaces: each has one webhook endpoint, which wants every event. */
export interface Backends {
  readonly arrivals: readonly Arrival[];
  clientOf(process: Owner): Pick<WebhookClient, 'post'>;
  /** Whether the log has events that are not queued yet, or queued ones that did not arrive. */
  hasOpenEvents(): boolean;
}

/** Of one attempt: nothing arrived; it arrived and was not accepted; it was accepted and nothing says so. */
const faultRates = { before: 0.05, refused: 0.03, after: 0.05 } as const;
/** No event fails more often than this, so that the quiet phase is not spent with waits of hours. */
const faultsMax = 2;
const limitMs = 15_000;

export function createBackends(world: World): Backends {
  const { db, kernel, dice } = world;
  for (const workspaceId of db.workspaces.keys()) {
    const id = `whe${workspaceId}`;
    db.webhookEndpoints.set(id, {
      id,
      workspaceId,
      url: id,
      description: '',
      types: null,
      channelIds: null,
      secret: Buffer.from('sealed'),
      previousSecret: null,
      previousSecretUntil: null,
      enabled: true,
      disabledReason: null,
      disabledAt: null,
      cursor: null,
      round: 0,
      keptTo: '',
      failures: 0,
      failingSince: null,
      lastFailure: null,
      createdAt: new Date(db.nowMs()),
    });
  }
  const arrivals: Arrival[] = [];
  const faults = new Map<string, number>();
  const strikes = (kind: string, rate: number, name: string): boolean => {
    const count = faults.get(name) ?? 0;
    if (world.profile.trouble !== null || count >= faultsMax || !world.strikes(kind, rate)) return false;
    faults.set(name, count + 1);
    return true;
  };

  return {
    arrivals,
    clientOf: (process) => ({
      post: ({ url: endpointId, body }) =>
        new Promise<WebhookResponse>((resolve) => {
          const { id: eventId } = JSON.parse(body) as { readonly id: string };
          const name = `${endpointId} ${eventId}`;
          const answer = (response: WebhookResponse, delayMs = world.latencyMs()): void => {
            kernel.after(delayMs, process, 'backend answers', () => resolve(response));
          };
          const waitedMs = () => (dice.chance(0.3) ? limitMs : world.latencyMs());
          kernel.after(world.latencyMs(), null, 'webhook', () => {
            if (strikes('webhook cut before', faultRates.before, name)) return answer(unanswered, waitedMs());
            if (strikes('webhook refused', faultRates.refused, name)) return answer(answered(503));
            arrivals.push({ endpointId, eventId });
            if (strikes('webhook cut after', faultRates.after, name)) return answer(unanswered, waitedMs());
            answer(answered(204));
          });
        }),
    }),
    hasOpenEvents() {
      const last = readLastEvent(db);
      const behind = [...db.webhookEndpoints.values()].some(({ cursor }) => cursor !== last);
      const queued = countQueuedEvents(db, [...db.webhookEndpoints.keys()]);
      return behind || [...queued.values()].some((count) => count > 0);
    },
  };
}

const unanswered: WebhookResponse = {
  outcome: { kind: 'unanswered', detail: 'the connection was reset' },
  answer: null,
};
const answered = (status: number): WebhookResponse => ({
  outcome: { kind: 'answered', status, retryAfterMs: null },
  answer: { status, headers: {}, body: '' },
});
