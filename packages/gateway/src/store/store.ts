import type { Pool } from 'pg';
import type { Clock } from '../ports/clock.ts';
import { activity } from './activity.ts';
import { adminTokens } from './admin-tokens.ts';
import { alarms } from './alarms.ts';
import { audit } from './audit.ts';
import type { AuditChain } from './audit-chain.ts';
import { automaticAnswers } from './automatic-answers.ts';
import { changes } from './changes.ts';
import { channels } from './channels.ts';
import { chats } from './chats.ts';
import { connections } from './connections.ts';
import { conversations } from './conversations.ts';
import type { Schedule } from './database/batcher.ts';
import { deadLetters } from './dead-letters.ts';
import { edits } from './edits.ts';
import { erasures } from './erasures.ts';
import { events } from './events.ts';
import { files } from './files.ts';
import { flights } from './flights.ts';
import { grants } from './grants.ts';
import { idempotency } from './idempotency.ts';
import { inbound } from './inbound.ts';
import { inboxWrites } from './inbox-writes.ts';
import { intents } from './intents.ts';
import type { KeyedDigest } from './keyed-digest.ts';
import { keys } from './keys.ts';
import { laneClaims } from './lane-claims.ts';
import { lanes } from './lanes.ts';
import { leases } from './leases.ts';
import { liveSecrets } from './live-secrets.ts';
import { loginFailures } from './login-failures.ts';
import { messageHistory } from './message-history.ts';
import { messageSearch } from './message-search.ts';
import { messages } from './messages.ts';
import { mirror } from './mirror.ts';
import { people } from './people.ts';
import { processes } from './processes.ts';
import { reconciliation } from './reconciliation.ts';
import { replyPlans } from './reply-plans.ts';
import { resolutions } from './resolutions.ts';
import { results } from './results.ts';
import { type Retention, retention } from './retention.ts';
import { schedules } from './schedules.ts';
import { sealedValues } from './sealed-values.ts';
import { secondFactors } from './second-factors.ts';
import { sessions } from './sessions.ts';
import { taps } from './taps.ts';
import { testMode } from './test-mode.ts';
import { timelines } from './timelines.ts';
import { updates } from './updates.ts';
import { webhookDeliveries } from './webhook-deliveries.ts';
import { webhookDue } from './webhook-due.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';
import { webhookQueue } from './webhook-queue.ts';
import { webhookWatches } from './webhook-watches.ts';
import { workspaces } from './workspaces.ts';

export interface StoreOptions {
  /**
   * The number of this process in the table `processes`. It separates the claims of this process from those of
   * others.
   */
  readonly epoch: number;
  readonly retention: Retention;
  /** The key of the audit log's digests, and where the entries begin that have one. */
  readonly chain: AuditChain;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly schedule: Schedule;
  readonly digestOf: KeyedDigest;
}

export type Store = ReturnType<typeof createStore>;

/** The part of the store that a consumer uses: `StoreSlice<{ lanes: 'claim' | 'finish'; chats: 'read' }>`. */
export type StoreSlice<T extends { readonly [N in keyof Store]?: keyof Store[N] }> = {
  readonly [N in keyof T & keyof Store]: Pick<Store[N], T[N] & keyof Store[N]>;
};

/**
 * Every query of the gateway, in one namespace for each table or subject. Frequent writes are batched: one statement,
 * one flush.
 */
export function createStore(pool: Pool, options: StoreOptions) {
  const { epoch, schedule, digestOf } = options;
  return {
    activity: activity(pool),
    adminTokens: adminTokens(pool),
    alarms: alarms(pool),
    audit: audit(pool, options),
    automaticAnswers: automaticAnswers(pool),
    changes: changes(pool),
    channels: channels(pool, epoch),
    chats: chats(pool),
    connections: connections(pool),
    conversations: conversations(pool),
    deadLetters: deadLetters(pool),
    edits: edits(pool, epoch),
    erasures: erasures(pool),
    events: events(pool),
    files: files(pool),
    flights: flights(pool),
    grants: grants(pool),
    idempotency: idempotency(pool),
    inbound: inbound(pool, digestOf),
    inboxWrites: inboxWrites(pool, digestOf),
    intents: intents(pool, schedule),
    keys: keys(pool),
    lanes: { ...lanes(pool, epoch, schedule), ...laneClaims(pool, epoch) },
    leases: leases(pool, epoch),
    liveSecrets: liveSecrets(pool),
    loginFailures: loginFailures(pool, digestOf),
    messageHistory: messageHistory(pool),
    messages: messages(pool),
    messageSearch: messageSearch(pool),
    mirror: mirror(pool),
    people: people(pool),
    processes: processes(pool, epoch),
    reconciliation: reconciliation(pool),
    replyPlans: replyPlans(pool),
    resolutions: resolutions(pool),
    results: results(pool, schedule),
    retention: retention(pool, options.retention),
    schedules: schedules(pool),
    sealedValues: sealedValues(pool),
    secondFactors: secondFactors(pool),
    sessions: sessions(pool),
    taps: taps(pool),
    testMode: testMode(pool),
    timelines: timelines(pool),
    updates: updates(pool, schedule, digestOf),
    webhookDeliveries: webhookDeliveries(pool, schedule),
    webhookDue: webhookDue(pool, schedule),
    webhookEndpoints: webhookEndpoints(pool),
    webhookQueue: webhookQueue(pool, epoch),
    webhookWatches: webhookWatches(pool),
    workspaces: workspaces(pool),
    ping: async (): Promise<void> => {
      await pool.query('select 1');
    },
  };
}
