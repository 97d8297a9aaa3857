import type { Pool } from 'pg';
import type { Role } from '../core/access/roles.ts';
import { bindQueries } from './database/bind-queries.ts';

export interface AdminTokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null: every workspace. */
  readonly workspaces: readonly string[] | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly lastUsedFrom: string | null;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly workspaces: string[] | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
  readonly last_used_from: string | null;
}

const columns =
  'id, name, role, workspaces, created_by, created_at, expires_at, revoked_at, last_used_at, last_used_from';

const decode = (row: Row): AdminTokenRecord => ({
  id: row.id,
  name: row.name,
  role: row.role,
  workspaces: row.workspaces,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
  lastUsedFrom: row.last_used_from,
});

export async function insertAdminToken(
  db: Pool,
  row: Pick<AdminTokenRecord, 'id' | 'name' | 'role' | 'workspaces' | 'createdBy' | 'expiresAt'> & {
    readonly digest: Buffer;
  },
): Promise<AdminTokenRecord> {
  const { rows } = await db.query<Row>(
    `insert into admin_tokens (id, digest, name, role, workspaces, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
    [row.id, row.digest, row.name, row.role, row.workspaces, row.createdBy, row.expiresAt],
  );
  if (!rows[0]) throw new Error('The inserted token was not returned.');
  return decode(rows[0]);
}

export async function listAdminTokens(db: Pool): Promise<readonly AdminTokenRecord[]> {
  return (await db.query<Row>(`select ${columns} from admin_tokens order by created_at, id`)).rows.map(decode);
}

export async function readAdminToken(db: Pool, id: string): Promise<AdminTokenRecord | null> {
  const { rows } = await db.query<Row>(`select ${columns} from admin_tokens where id = $1`, [id]);
  return rows[0] ? decode(rows[0]) : null;
}

/** Effective at once on every replica, because tokens are not cached. Null if there is no such token. */
export async function revokeAdminToken(db: Pool, id: string): Promise<AdminTokenRecord | null> {
  const { rows } = await db.query<Row>(
    `update admin_tokens set revoked_at = coalesce(revoked_at, now()) where id = $1 returning ${columns}`,
    [id],
  );
  return rows[0] ? decode(rows[0]) : null;
}

/** Returns a valid token and records its use, at most once a minute. Null if it is unknown, revoked or expired. */
export async function openAdminToken(db: Pool, digest: Buffer, address: string): Promise<AdminTokenRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'open-admin-token',
    text: `
with used as (
  update admin_tokens set last_used_at = now(), last_used_from = $2
  where digest = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')
)
select ${columns} from admin_tokens
where digest = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
    values: [digest, address],
  });
  return rows[0] ? decode(rows[0]) : null;
}

/** The queries of `store.adminTokens`. */
export const adminTokens = (db: Pool) =>
  bindQueries(db, {
    insert: insertAdminToken,
    read: readAdminToken,
    list: listAdminTokens,
    revoke: revokeAdminToken,
    open: openAdminToken,
  });
