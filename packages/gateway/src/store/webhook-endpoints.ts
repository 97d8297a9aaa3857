import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

export type DisabledReason = 'by_request' | 'gone' | 'failing';

export interface WebhookEndpointRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly url: string;
  readonly description: string;
  /** Null: all types. */
  readonly types: readonly string[] | null;
  /** Null: all events of the workspace. */
  readonly channelIds: readonly string[] | null;
  /** Sealed. */
  readonly secret: Buffer;
  /** The secret before the last rotation, sealed, as long as requests are also signed with it. */
  readonly previousSecret: Buffer | null;
  readonly previousSecretUntil: Date | null;
  readonly enabled: boolean;
  readonly disabledReason: DisabledReason | null;
  readonly disabledAt: Date | null;
  /** The last event that was queued for it. Null: none yet, so it begins with the oldest one of the log. */
  readonly cursor: string | null;
  /** Grows with each replay of a time, and whenever missed events are skipped. */
  readonly round: number;
  /** Jobs of earlier rounds with events after this one are not sent. */
  readonly keptTo: string;
  /** Failed attempts since the last accepted one. */
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly lastFailure: string | null;
  readonly createdAt: Date;
}

/** Attempts that failed for this long, without an accepted one between them, disable the endpoint. */
export const failingDaysMax = 7;

const columns = `id, workspace_id as "workspaceId", url, description, types, channel_ids as "channelIds", secret,
  case when previous_secret_until > now() then previous_secret end as "previousSecret",
  case when previous_secret_until > now() then previous_secret_until end as "previousSecretUntil",
  enabled, disabled_reason as "disabledReason", disabled_at as "disabledAt", cursor, round, kept_to as "keptTo",
  failures, failing_since as "failingSince", last_failure as "lastFailure", created_at as "createdAt"`;

export type NewWebhookEndpoint = Pick<
  WebhookEndpointRecord,
  'id' | 'workspaceId' | 'url' | 'description' | 'types' | 'channelIds' | 'secret' | 'enabled' | 'cursor'
>;

export async function insertWebhookEndpoint(db: Pool, row: NewWebhookEndpoint): Promise<WebhookEndpointRecord> {
  const { rows } = await db.query<WebhookEndpointRecord>(
    `insert into webhook_endpoints (id, workspace_id, url, description, types, channel_ids, secret, cursor, enabled,
       disabled_reason, disabled_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when not $9 then 'by_request' end, case when not $9 then now() end)
     returning ${columns}`,
    [row.id, row.workspaceId, row.url, row.description, row.types, row.channelIds, row.secret, row.cursor, row.enabled],
  );
  if (!rows[0]) throw new Error('The insert of a webhook endpoint returned no row.');
  return rows[0];
}

export async function readWebhookEndpoint(db: Pool, id: string): Promise<WebhookEndpointRecord | null> {
  const { rows } = await db.query<WebhookEndpointRecord>(`select ${columns} from webhook_endpoints where id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

export async function readWebhookEndpoints(
  db: Pool,
  ids: readonly string[],
): Promise<readonly WebhookEndpointRecord[]> {
  const { rows } = await db.query<WebhookEndpointRecord>({
    name: 'read-webhook-endpoints',
    text: `select ${columns} from webhook_endpoints where id = any ($1)`,
    values: [ids],
  });
  return rows;
}

/** All endpoints, or those of a workspace. */
export async function listWebhookEndpoints(
  db: Pool,
  filter: { readonly workspaceId?: string | undefined },
): Promise<readonly WebhookEndpointRecord[]> {
  const { rows } = await db.query<WebhookEndpointRecord>(
    `select ${columns} from webhook_endpoints where $1::text is null or workspace_id = $1 order by id`,
    [filter.workspaceId ?? null],
  );
  return rows;
}

/** What the fan-out of events must know of an endpoint. */
export type ListeningEndpoint = Pick<
  WebhookEndpointRecord,
  'id' | 'workspaceId' | 'types' | 'channelIds' | 'cursor' | 'round'
>;

/** The endpoints to which events are sent now. */
export async function listEnabledEndpoints(db: Pool): Promise<readonly ListeningEndpoint[]> {
  const { rows } = await db.query<ListeningEndpoint>({
    name: 'list-enabled-endpoints',
    text: `
select id, workspace_id as "workspaceId", types, channel_ids as "channelIds", cursor, round
from webhook_endpoints where enabled order by id`,
  });
  return rows;
}

/** An absent field does not change. */
export interface WebhookEndpointChange {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly types?: readonly string[] | null | undefined;
  readonly channelIds?: readonly string[] | null | undefined;
  readonly enabled?: boolean | undefined;
}

/** Null if there is no such endpoint. To enable it ends what is known of its failures. */
export async function updateWebhookEndpoint(
  db: Pool,
  id: string,
  { url, description, types, channelIds, enabled }: WebhookEndpointChange,
): Promise<WebhookEndpointRecord | null> {
  const { rows } = await db.query<WebhookEndpointRecord>(
    `update webhook_endpoints set url = coalesce($2, url), description = coalesce($3, description),
       types = case when $4 then $5 else types end, channel_ids = case when $6 then $7 else channel_ids end,
       enabled = coalesce($8, enabled),
       disabled_reason = case when coalesce($8, enabled) then null else coalesce(disabled_reason, 'by_request') end,
       disabled_at = case when coalesce($8, enabled) then null else coalesce(disabled_at, now()) end,
       failures = case when $8 and not enabled then 0 else failures end,
       failing_since = case when $8 and not enabled then null else failing_since end
     where id = $1 returning ${columns}`,
    [
      id,
      url ?? null,
      description ?? null,
      types !== undefined,
      types ?? null,
      channelIds !== undefined,
      channelIds ?? null,
      enabled ?? null,
    ],
  );
  return rows[0] ?? null;
}

/** Replaces the secret. The one before stays valid for `overlapMs`. Null if there is no such endpoint. */
export async function rotateEndpointSecret(
  db: Pool,
  id: string,
  secret: Buffer,
  overlapMs: number,
): Promise<WebhookEndpointRecord | null> {
  const { rows } = await db.query<WebhookEndpointRecord>(
    `update webhook_endpoints set secret = $2,
       previous_secret = case when $3 > 0 then secret end,
       previous_secret_until = case when $3 > 0 then now() + $3 * interval '1 ms' end
     where id = $1 returning ${columns}`,
    [id, secret, overlapMs],
  );
  return rows[0] ?? null;
}

/** Deletes the endpoint with its deliveries. What is still queued for it is not sent. */
export async function deleteWebhookEndpoint(db: Pool, id: string): Promise<boolean> {
  const { rows } = await db.query(
    `with gone as (
       delete from webhook_endpoints where id = $1 returning id
     ), deliveries as (
       delete from webhook_deliveries d using gone g where d.endpoint_id = g.id
     )
     select id from gone`,
    [id],
  );
  return rows.length === 1;
}

/**
 * Moves the endpoint to another place in the event log, in a new round. `keptTo`: jobs of earlier rounds with later
 * events are not sent. With `isBack` the endpoint only moves back. False if there is no such endpoint.
 */
export async function moveEndpointCursor(
  db: Pool,
  id: string,
  { cursor, keptTo, isBack }: { readonly cursor: string | null; readonly keptTo: string; readonly isBack: boolean },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update webhook_endpoints set round = round + 1,
       cursor = case when $4 and (cursor is null or cursor < $2) then cursor else $2 end,
       kept_to = case when $4 and (cursor is null or cursor < $2) then coalesce(cursor, '') else $3 end
     where id = $1`,
    [id, cursor, keptTo, isBack],
  );
  return rowCount === 1;
}

/** An attempt was accepted. Returns the number of failed attempts in a row before it. */
export async function recordEndpointSuccess(db: Pool, id: string): Promise<number> {
  const { rows } = await db.query<{ failures: number }>({
    name: 'record-endpoint-success',
    text: `
with before as (
  select id, failures from webhook_endpoints where id = $1 and failures > 0 for update
), cleared as (
  update webhook_endpoints e set failures = 0, failing_since = null from before b where e.id = b.id
)
select failures from before`,
    values: [id],
  });
  return rows[0]?.failures ?? 0;
}

/** An attempt failed. Disables the endpoint if it is gone, or fails for too long. Returns whether it was disabled now. */
export async function recordEndpointFailure(
  db: Pool,
  id: string,
  { detail, isGone }: { readonly detail: string; readonly isGone: boolean },
): Promise<boolean> {
  const { rows } = await db.query<{ disabled: boolean }>({
    name: 'record-endpoint-failure',
    text: `
with judged as (
  select id, case when $3 then 'gone' when failing_since < now() - interval '${failingDaysMax} days' then 'failing' end as reason
  from webhook_endpoints where id = $1 and enabled for update
)
update webhook_endpoints e set failures = failures + 1, failing_since = coalesce(failing_since, now()),
  last_failure = $2, enabled = j.reason is null, disabled_reason = j.reason,
  disabled_at = case when j.reason is not null then now() end
from judged j where e.id = j.id
returning not e.enabled as disabled`,
    values: [id, detail, isGone],
  });
  return rows[0]?.disabled === true;
}

/** The queries of `store.webhookEndpoints`. */
export const webhookEndpoints = (db: Pool) =>
  bindQueries(db, {
    insert: insertWebhookEndpoint,
    read: readWebhookEndpoint,
    list: listWebhookEndpoints,
    listEnabled: listEnabledEndpoints,
    update: updateWebhookEndpoint,
    rotate: rotateEndpointSecret,
    delete: deleteWebhookEndpoint,
    moveCursor: moveEndpointCursor,
    recordSuccess: recordEndpointSuccess,
    recordFailure: recordEndpointFailure,
  });
