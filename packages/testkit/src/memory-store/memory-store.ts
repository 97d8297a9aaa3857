import type { EngineStore } from '@chatferry/gateway/internal/compose/engine-parts';
import { activity } from './activity.ts';
import { alarms } from './alarms.ts';
import { automaticAnswers } from './automatic-answers.ts';
import { createQueryBinder, type RunStatement } from './bind-queries.ts';
import { changes } from './changes.ts';
import { channels } from './channels.ts';
import { chats } from './chats.ts';
import { conversations } from './conversations.ts';
import type { MemoryDatabase } from './database.ts';
import { deadLetters } from './dead-letters.ts';
import { edits } from './edits.ts';
import { events } from './events.ts';
import { files } from './files.ts';
import { flights } from './flights.ts';
import { idempotency } from './idempotency.ts';
import { inbound } from './inbound.ts';
import { inboxWrites } from './inbox-writes.ts';
import { intents } from './intents.ts';
import { lanes } from './lanes.ts';
import { leases } from './leases.ts';
import { messageHistory } from './message-history.ts';
import { messages } from './messages.ts';
import { mirror } from './mirror.ts';
import { processes } from './processes.ts';
import { reconciliation } from './reconciliation.ts';
import { replyPlans } from './reply-plans.ts';
import { resolutions } from './resolutions.ts';
import { results } from './results.ts';
import { retention } from './retention.ts';
import { schedules } from './schedules.ts';
import { taps } from './taps.ts';
import { updates } from './updates.ts';
import { webhookDeliveries } from './webhook-deliveries.ts';
import { webhookDue } from './webhook-due.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';
import { webhookQueue } from './webhook-queue.ts';
import { webhookWatches } from './webhook-watches.ts';
import { workspaces } from './workspaces.ts';

/**
 * The engine's store without PostgreSQL: a model of it, statement by statement, checked by the same conformance suite. The
 * batched writes go through the real batcher. The file `x.ts` is the model of `store/x.ts` of the gateway.
 */
export function createMemoryStore(
  db: MemoryDatabase,
  parts: { readonly epoch: number; readonly run: RunStatement; readonly schedule: (run: () => void) => void },
) {
  const binder = createQueryBinder(db, parts);
  return {
    activity: activity(binder),
    alarms: alarms(binder),
    automaticAnswers: automaticAnswers(binder),
    changes: changes(binder),
    channels: channels(binder),
    chats: chats(binder),
    conversations: conversations(binder),
    deadLetters: deadLetters(binder),
    edits: edits(binder),
    events: events(binder),
    files: files(binder),
    flights: flights(binder),
    idempotency: idempotency(binder),
    inbound: inbound(binder),
    inboxWrites: inboxWrites(binder),
    intents: intents(binder),
    lanes: lanes(binder),
    leases: leases(binder),
    messageHistory: messageHistory(binder),
    messages: messages(binder),
    mirror: mirror(binder),
    processes: processes(binder),
    reconciliation: reconciliation(binder),
    replyPlans: replyPlans(binder),
    resolutions: resolutions(binder),
    results: results(binder),
    retention: retention(binder),
    taps: taps(binder),
    schedules: schedules(binder),
    updates: updates(binder),
    webhookDeliveries: webhookDeliveries(binder),
    webhookDue: webhookDue(binder),
    webhookEndpoints: webhookEndpoints(binder),
    webhookQueue: webhookQueue(binder),
    webhookWatches: webhookWatches(binder),
    workspaces: workspaces(binder),
  } satisfies EngineStore;
}
