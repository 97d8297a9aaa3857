import type { Pool } from 'pg';
import { createBatcher, rowBatches, type Schedule } from './database/batcher.ts';

export interface WebhookAnswerRecord {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The first 4 KB, as text. */
  readonly body: string;
}

/** One request to an endpoint. */
export interface WebhookAttemptRecord {
  /** ISO 8601. */
  readonly at: string;
  readonly durationMs: number;
  /** The headers of the signature. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null if there was no whole answer. */
  readonly answer: WebhookAnswerRecord | null;
  /** Null if the event was accepted. */
  readonly error: string | null;
}

export type WebhookDeliveryState = 'waiting' | 'delivered' | 'failed';

export interface WebhookDeliveryRecord {
  readonly endpointId: string;
  readonly eventId: string;
  /** The day of the event in the log, `YYYY-MM-DD`. */
  readonly eventOn: string;
  readonly workspaceId: string;
  readonly type: string;
  readonly channelId: string | null;
  readonly chatId: string | null;
  readonly messageId: number | null;
  readonly state: WebhookDeliveryState;
  /** About when it is tried again. Null if it does not wait. */
  readonly nextAttemptAt: Date | null;
  /** The oldest first. */
  readonly attempts: readonly WebhookAttemptRecord[];
}

/** A delivery after one more attempt. */
export interface AttemptedDelivery extends Omit<WebhookDeliveryRecord, 'attempts' | 'nextAttemptAt'> {
  readonly attempt: WebhookAttemptRecord;
}

/** The attempts that are kept of one delivery. */
const attemptsMax = 20;

/**
 * Adds one attempt to each delivery. The rows must be of different deliveries. An attempt for an endpoint that was
 * deleted meanwhile leaves nothing.
 */
export async function recordWebhookAttempts(db: Pool, rows: readonly AttemptedDelivery[]): Promise<readonly true[]> {
  await db.query({
    name: 'record-webhook-attempts',
    text: `
insert into webhook_deliveries as d (event_on, endpoint_id, event_id, workspace_id, type, channel_id, chat_id,
  message_id, state, attempts)
select u.event_on, u.endpoint_id, u.event_id, u.workspace_id, u.type, u.channel_id, u.chat_id, u.message_id, u.state,
  u.attempts
from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
    $9::text[], $10::jsonb[])
  as u(event_on, endpoint_id, event_id, workspace_id, type, channel_id, chat_id, message_id, state, attempts)
where exists (select 1 from webhook_endpoints e where e.id = u.endpoint_id)
on conflict (endpoint_id, event_id, event_on) do update set state = excluded.state,
  attempts = case when jsonb_array_length(d.attempts) >= ${attemptsMax} then d.attempts - 0 else d.attempts end
    || excluded.attempts`,
    values: [
      rows.map(({ eventOn }) => eventOn),
      rows.map(({ endpointId }) => endpointId),
      rows.map(({ eventId }) => eventId),
      rows.map(({ workspaceId }) => workspaceId),
      rows.map(({ type }) => type),
      rows.map(({ channelId }) => channelId),
      rows.map(({ chatId }) => chatId),
      rows.map(({ messageId }) => messageId),
      rows.map(({ state }) => state),
      rows.map(({ attempt }) => JSON.stringify([attempt])),
    ],
  });
  return rows.map(() => true);
}

const columns = `endpoint_id as "endpointId", event_id as "eventId", event_on::text as "eventOn",
  workspace_id as "workspaceId", type, channel_id as "channelId", chat_id::text as "chatId",
  message_id as "messageId", state, attempts, case when state = 'waiting' then (
    select run_at from lanes l where l.key = concat('webhook:', endpoint_id, ':', coalesce(channel_id, '-'), ':',
      coalesce(chat_id::text, '-'))
  ) end as "nextAttemptAt"`;

/** The newest event first, beginning with the one before the id `before`. */
export async function listWebhookDeliveries(
  db: Pool,
  filter: {
    readonly endpointId: string;
    readonly state?: WebhookDeliveryState | undefined;
    readonly eventId?: string | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly WebhookDeliveryRecord[]> {
  const { rows } = await db.query<WebhookDeliveryRecord>(
    `select ${columns} from webhook_deliveries
     where endpoint_id = $1 and ($2::text is null or state = $2) and ($3::text is null or event_id = $3)
       and ($4::text is null or event_id < $4)
     order by event_id desc limit $5`,
    [filter.endpointId, filter.state ?? null, filter.eventId ?? null, filter.before ?? null, filter.limit],
  );
  return rows;
}

/** The deliveries of a message’s events, to all endpoints of its workspace, by event. */
export async function listDeliveriesOfMessage(db: Pool, messageId: number): Promise<readonly WebhookDeliveryRecord[]> {
  const { rows } = await db.query<WebhookDeliveryRecord>(
    `select ${columns} from webhook_deliveries where message_id = $1
     order by event_id, endpoint_id limit 200`,
    [messageId],
  );
  return rows;
}

/** The queries of `store.webhookDeliveries`. */
export const webhookDeliveries = (db: Pool, schedule: Schedule) => ({
  record: createBatcher<AttemptedDelivery, true>({
    ...rowBatches((rows) => recordWebhookAttempts(db, rows)),
    conflictKey: ({ endpointId, eventId }) => `${endpointId} ${eventId}`,
    schedule,
  }).submit,
  list: (filter: Parameters<typeof listWebhookDeliveries>[1]) => listWebhookDeliveries(db, filter),
  listOfMessage: (messageId: number) => listDeliveriesOfMessage(db, messageId),
});
