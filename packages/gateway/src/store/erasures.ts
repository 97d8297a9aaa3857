import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** After so many days nothing is repeated any more, by Telegram, an inbox, or a caller. */
export const erasureDays = 14;

export interface Erased {
  readonly messages: number;
  readonly updates: number;
  /** What stands in the inbox still. */
  readonly contactIds: readonly string[];
  readonly conversationIds: readonly string[];
}

/** All that is kept of a workspace is looked through, which takes longer than any other statement may. */
const patient = { query_timeout: 10 * 60_000 };

/** Erases a customer by the Telegram id; null while a message to them is on the wire, and then nothing is erased. */
export async function eraseCustomer(db: Pool, workspaceId: string, customer: string): Promise<Erased | null> {
  const { rows } = await db.query<{ erased: Erased | null }>({
    text: 'select erase_customer($1, $2) as erased',
    values: [workspaceId, customer],
    ...patient,
  });
  return rows[0]?.erased ?? null;
}

/** Remembers digests of what was erased; the newest erasure counts. */
export async function rememberErasures(db: Pool, workspaceId: string, digests: readonly Buffer[]): Promise<void> {
  await db.query(
    `insert into erasures (workspace_id, digest) select $1, unnest($2::bytea[])
     on conflict (workspace_id, digest) do update set erased_at = now()`,
    [workspaceId, digests],
  );
}

export async function listErasures(
  db: Pool,
): Promise<readonly { readonly workspaceId: string; readonly digest: Buffer; readonly erasedAtMs: number }[]> {
  const { rows } = await db.query<{ workspace_id: string; digest: Buffer; erased_ms: number }>({
    name: 'list-erasures',
    text: `select workspace_id, digest, (extract(epoch from erased_at) * 1000)::float8 as erased_ms from erasures
           where erased_at > now() - interval '${erasureDays} days'`,
  });
  return rows.map((row) => ({ workspaceId: row.workspace_id, digest: row.digest, erasedAtMs: row.erased_ms }));
}

/** Everything that is kept of a customer, table by table, as it is stored. */
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
        ...patient,
      })
    ).rows.map(({ row }) => row);
  const of = [workspaceId, customer];
  return {
    chats: await rowsOf('select * from chats where workspace_id = $1 and chat_id = $2', of),
    conversations: await rowsOf('select * from conversations where workspace_id = $1 and chat_id = $2', of),
    past_conversations: await rowsOf('select * from past_conversations where workspace_id = $1 and chat_id = $2', of),
    messages: await rowsOf(
      `select * from messages where workspace_id = $1
         and (chat_id = $2 or position($4 in concat_ws(' ', content, wire)) > 0 and concat_ws(' ', content, wire) ~ $3) order by id`,
      [...of, named, customer],
    ),
    updates: await rowsOf(
      `select received_at, source, state, detail, encode(body, 'escape') as body from updates
       where workspace_id = $1 and position(convert_to($3, 'UTF8') in body) > 0 and encode(body, 'escape') ~ $2 order by id`,
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
