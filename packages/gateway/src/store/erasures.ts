import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** After this number of days neither Telegram, nor an inbox, nor a caller repeats an old event. */
export const erasureDays = 14;

export interface Erased {
  readonly messages: number;
  readonly updates: number;
  /** The contacts and conversations that still exist in the inbox. */
  readonly contactIds: readonly string[];
  readonly conversationIds: readonly string[];
  /** Whether anything was stored about the customer. */
  readonly removed: boolean;
}

/** The statement searches all data of a workspace, so it may take longer than every other statement. */
const longTimeout = { query_timeout: 10 * 60_000 };

/**
 * Erases a customer by the Telegram id. Null, and nothing is erased, while a message to the customer is in flight. If it removed
 * anything, the erasure that is remembered as `digest` notes that in the same transaction.
 */
export async function eraseCustomer(
  db: Pool,
  workspaceId: string,
  customer: string,
  digest: Buffer,
): Promise<Erased | null> {
  const { rows } = await db.query<{ erased: Erased | null }>({
    text: `
with done as materialized (
  select erase_customer($1, $2) as erased
), noted as (
  update erasures e set removed_at = now() from done
  where e.workspace_id = $1 and e.digest = $3 and (done.erased ->> 'removed')::boolean
)
select erased from done`,
    values: [workspaceId, customer, digest],
    ...longTimeout,
  });
  return rows[0]?.erased ?? null;
}

/** Stores digests of what was erased. The newest erasure of a digest counts. */
export async function rememberErasures(db: Pool, workspaceId: string, digests: readonly Buffer[]): Promise<void> {
  await db.query(
    `insert into erasures (workspace_id, digest) select $1, unnest($2::bytea[])
     on conflict (workspace_id, digest) do update set erased_at = now()`,
    [workspaceId, digests],
  );
}

export interface RememberedErasure {
  readonly workspaceId: string;
  readonly digest: Buffer;
  readonly erasedAtMs: number;
  /** Null if there was nothing to remove. */
  readonly removedAtMs: number | null;
}

export async function listErasures(db: Pool): Promise<readonly RememberedErasure[]> {
  const { rows } = await db.query<{
    workspace_id: string;
    digest: Buffer;
    erased_ms: number;
    removed_ms: number | null;
  }>({
    name: 'list-erasures',
    text: `select workspace_id, digest, (extract(epoch from erased_at) * 1000)::float8 as erased_ms,
             (extract(epoch from removed_at) * 1000)::float8 as removed_ms
           from erasures where erased_at > now() - interval '${erasureDays} days'`,
  });
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    digest: row.digest,
    erasedAtMs: row.erased_ms,
    removedAtMs: row.removed_ms,
  }));
}

/** Everything that is stored about a customer, as stored, by table. */
export async function exportCustomer(
  db: Pool,
  workspaceId: string,
  customer: string,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const named = `(^|[^0-9])${customer}($|[^0-9])`;
  const rowsOf = async (text: string, values: readonly unknown[]) =>
    (
      await db.query<{ row: unknown }>({
        text: `select row_to_json(t) as row from (${text}) t`,
        values: [...values],
        ...longTimeout,
      })
    ).rows.map(({ row }) => row);
  const chat = [workspaceId, customer];
  return {
    chats: await rowsOf('select * from chats where workspace_id = $1 and chat_id = $2', chat),
    conversations: await rowsOf('select * from conversations where workspace_id = $1 and chat_id = $2', chat),
    past_conversations: await rowsOf('select * from past_conversations where workspace_id = $1 and chat_id = $2', chat),
    messages: await rowsOf(
      `select * from messages where workspace_id = $1
         and (chat_id = $2
           or position($4 in concat_ws(' ', content, wire)) > 0 and concat_ws(' ', content, wire) ~ $3) order by id`,
      [...chat, named, customer],
    ),
    updates: await rowsOf(
      `select received_at, source, state, detail, encode(body, 'escape') as body from updates
       where workspace_id = $1 and position(convert_to($3, 'UTF8') in body) > 0 and encode(body, 'escape') ~ $2
       order by id`,
      [workspaceId, named, customer],
    ),
    dead_letters: await rowsOf(
      `select id, lane_key, kind, cause, created_at, state, note from dead_letters
       where workspace_id = $1 and (lane_key ~ $2 or payload::text ~ $2 or cause ~ $2) order by id`,
      [workspaceId, named],
    ),
  };
}

/** The queries of `store.erasures`. */
export const erasures = (db: Pool) =>
  bindQueries(db, { eraseCustomer, remember: rememberErasures, list: listErasures, exportCustomer });
