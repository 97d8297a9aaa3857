import { failingDaysMax, type ListeningEndpoint } from '@chatferry/gateway/internal/store/webhook-endpoints';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';

export const listEnabledEndpoints = (db: MemoryDatabase): readonly ListeningEndpoint[] =>
  [...db.webhookEndpoints.values()].filter(({ enabled }) => enabled);

export function recordEndpointSuccess(db: MemoryDatabase, id: string): number {
  const endpoint = db.webhookEndpoints.get(id);
  if (!endpoint) return 0;
  db.webhookEndpoints.set(id, { ...endpoint, failures: 0, failingSince: null });
  return endpoint.failures;
}

export function recordEndpointFailure(
  db: MemoryDatabase,
  id: string,
  { detail, isGone }: { readonly detail: string; readonly isGone: boolean },
): boolean {
  const endpoint = db.webhookEndpoints.get(id);
  if (!endpoint?.enabled) return false;
  const nowMs = db.nowMs();
  const since = endpoint.failingSince;
  const isFailing = since !== null && since.getTime() < nowMs - failingDaysMax * 86_400_000;
  const reason = isGone ? 'gone' : isFailing ? 'failing' : null;
  db.webhookEndpoints.set(id, {
    ...endpoint,
    failures: endpoint.failures + 1,
    failingSince: since ?? new Date(nowMs),
    lastFailure: detail,
    enabled: reason === null,
    disabledReason: reason,
    disabledAt: reason === null ? null : new Date(nowMs),
  });
  return reason !== null;
}

/** The queries of `store.webhookEndpoints` that the engine uses. */
export const webhookEndpoints = ({ bind }: QueryBinder) =>
  bind('webhookEndpoints', {
    listEnabled: listEnabledEndpoints,
    recordSuccess: recordEndpointSuccess,
    recordFailure: recordEndpointFailure,
  });
