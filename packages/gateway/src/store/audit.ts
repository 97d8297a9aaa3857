import type { Pool } from 'pg';
import { type AuditAppendOptions, type AuditRow, createAuditAppend } from './append-audit.ts';
import type { AuditChain, AuditHead } from './audit-chain.ts';
import { bindQueries } from './database/bind-queries.ts';
import { verifyAudit } from './verify-audit.ts';

export interface AuditRecord extends AuditRow {
  readonly id: string;
  readonly at: Date;
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly request_id: string;
  readonly phase: AuditRow['phase'];
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly address: string;
  readonly action: string;
  readonly object: string | null;
  readonly workspace_id: string | null;
  readonly fields: string[];
  readonly status: number | null;
}

const columns =
  'id::text, at, request_id, phase, actor_kind, actor_id, address, action, object, workspace_id, fields, status';

/** The newest first. */
export async function listAudit(
  db: Pool,
  filter: {
    readonly workspaceId?: string | undefined;
    readonly object?: string | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly AuditRecord[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from audit a
     where ($1::text is null or workspace_id = $1) and ($2::text is null or object = $2)
       and ($3::bigint is null or a.id < $3)
     order by a.id desc limit $4`,
    [filter.workspaceId ?? null, filter.object ?? null, filter.before ?? null, filter.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    requestId: row.request_id,
    phase: row.phase,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    address: row.address,
    action: row.action,
    object: row.object,
    workspaceId: row.workspace_id,
    fields: row.fields,
    status: row.status,
  }));
}

/** The end of the chain, with the id of its entry. */
export interface AuditEnd extends AuditHead {
  readonly entries: number;
  readonly id: number;
}

/** Reads the end of the chain; null if there are no entries. It does not check the entries before it. */
export async function readAuditEnd(db: Pool, { unkeyed }: AuditChain): Promise<AuditEnd | null> {
  const { rows } = await db.query<{ id: number; hash: Buffer }>('select id, hash from audit order by id desc limit 1');
  const [row] = rows;
  if (row === undefined) return null;
  // Entries with a key are numbered without gaps.
  const entries = unkeyed.entries + row.id - unkeyed.lastId;
  return { id: row.id, entries, head: row.hash.toString('hex') };
}

/** Whether the entry that was once the newest is still there, with the same digest. */
export async function hasAuditEnd(db: Pool, { id, head }: Pick<AuditEnd, 'id' | 'head'>): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from audit where id = $1 and hash = $2', [
    id,
    Buffer.from(head, 'hex'),
  ]);
  return rowCount === 1;
}

/** Whether the role of this session can change what is in the audit log, and not only add to it. */
export async function canChangeAudit(db: Pool): Promise<boolean> {
  const { rows } = await db.query<{ can: boolean }>(
    `select r.rolsuper or r.rolcreaterole or pg_has_role(c.relowner, 'member')
       or has_table_privilege(c.oid, 'update, delete, truncate, trigger') as can
     from pg_class c, pg_roles r where c.oid = 'audit'::regclass and r.rolname = current_user`,
  );
  return rows[0]?.can !== false;
}

/** The queries of `store.audit`. */
export function audit(db: Pool, options: AuditAppendOptions) {
  const { chain } = options;
  return {
    ...bindQueries(db, { list: listAudit, hasEnd: hasAuditEnd, canChange: canChangeAudit }),
    append: createAuditAppend(db, options),
    readEnd: () => readAuditEnd(db, chain),
    verify: (known: readonly AuditHead[] = []) => verifyAudit(db, chain, known),
  };
}
