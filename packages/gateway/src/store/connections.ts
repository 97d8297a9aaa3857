import type { ConnectionProblem, InboxInput } from '@chatferry/contract';
import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** An OAuth install of an inbox's app, from its beginning to its end. */
export interface ConnectionRecord {
  readonly id: string;
  /** The workspace whose grant it renews, or the one that it created; null before that. */
  readonly workspaceId: string | null;
  readonly inboxKind: InboxInput['kind'];
  /** The name of the new workspace; null for the name of the account. */
  readonly name: string | null;
  readonly defaultSender: string | null;
  /** Sealed: encrypted, and only the vault can open it. */
  readonly app: Buffer;
  /** The opaque part of the address that starts the install in a browser. */
  readonly startPath: string;
  readonly state: 'waiting' | 'connected' | 'failed' | 'expired';
  readonly problem: { readonly code: ConnectionProblem; readonly message: string } | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

interface Row {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly inbox_kind: ConnectionRecord['inboxKind'];
  readonly name: string | null;
  readonly default_sender: string | null;
  readonly app: Buffer;
  readonly start_path: string;
  readonly state: ConnectionRecord['state'];
  readonly problem_code: ConnectionProblem | null;
  readonly problem: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const columns = `id, workspace_id, inbox_kind, name, default_sender, app, start_path,
  case when state = 'waiting' and expires_at <= now() then 'expired' else state end as state,
  problem_code, problem, created_at, expires_at`;

const decode = (row: Row): ConnectionRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  inboxKind: row.inbox_kind,
  name: row.name,
  defaultSender: row.default_sender,
  app: row.app,
  startPath: row.start_path,
  state: row.state,
  problem: row.problem_code === null || row.problem === null ? null : { code: row.problem_code, message: row.problem },
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});

export type NewConnection = Pick<
  ConnectionRecord,
  'id' | 'workspaceId' | 'inboxKind' | 'name' | 'defaultSender' | 'app' | 'startPath'
> & { readonly lifeMs: number };

export async function insertConnection(db: Pool, row: NewConnection): Promise<ConnectionRecord> {
  const { rows } = await db.query<Row>(
    `insert into connections (id, workspace_id, inbox_kind, name, default_sender, app, start_path, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 ms') returning ${columns}`,
    [row.id, row.workspaceId, row.inboxKind, row.name, row.defaultSender, row.app, row.startPath, row.lifeMs],
  );
  const [first] = rows;
  if (!first) throw new Error('The inserted connection was not returned.');
  return decode(first);
}

export async function readConnection(db: Pool, id: string): Promise<ConnectionRecord | null> {
  const { rows } = await db.query<Row>(`select ${columns} from connections where id = $1`, [id]);
  return rows[0] ? decode(rows[0]) : null;
}

export async function readConnectionByStartPath(db: Pool, startPath: string): Promise<ConnectionRecord | null> {
  const { rows } = await db.query<Row>(`select ${columns} from connections where start_path = $1`, [startPath]);
  return rows[0] ? decode(rows[0]) : null;
}

/** Redeeming takes a few calls with time limits. After this time the process that claimed it must have died. */
const redeemingMaxMinutes = 5;

/** Claims the right to redeem the code. False if the install is over, or another process is redeeming it. */
export async function claimConnection(db: Pool, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update connections set claimed_at = now()
     where id = $1 and state = 'waiting' and expires_at > now()
       and (claimed_at is null or claimed_at < now() - interval '${redeemingMaxMinutes} minutes')`,
    [id],
  );
  return rowCount === 1;
}

/** Releases the claim: the code was not redeemed. */
export async function releaseConnection(db: Pool, id: string): Promise<void> {
  await db.query(`update connections set claimed_at = null where id = $1 and state = 'waiting'`, [id]);
}

/** Stores how the install ended, and deletes the app's secret: the workspace has a copy if it needs one. */
export async function finishConnection(
  db: Pool,
  id: string,
  end: { readonly workspaceId: string } | { readonly problem: NonNullable<ConnectionRecord['problem']> },
): Promise<void> {
  const problem = 'problem' in end ? end.problem : null;
  await db.query(
    `update connections set state = $2, workspace_id = coalesce($3, workspace_id), problem_code = $4, problem = $5,
       app = '' where id = $1 and state = 'waiting'`,
    [
      id,
      problem === null ? 'connected' : 'failed',
      'workspaceId' in end ? end.workspaceId : null,
      problem?.code ?? null,
      problem?.message ?? null,
    ],
  );
}

/** The queries of `store.connections`. */
export const connections = (db: Pool) =>
  bindQueries(db, {
    insert: insertConnection,
    read: readConnection,
    readByStartPath: readConnectionByStartPath,
    claim: claimConnection,
    release: releaseConnection,
    finish: finishConnection,
  });
