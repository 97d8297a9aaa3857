import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** One action that a caller is about to do, or has done. */
export interface AuditRow {
  readonly requestId: string;
  /** `begun` is written before the action, `ended` after it, with the status of the answer. */
  readonly phase: 'begun' | 'ended';
  readonly actorKind: string;
  readonly actorId: string;
  /** The IP address of the request. */
  readonly address: string;
  /** The operation's id. */
  readonly action: string;
  /** The id of the object of the action; null if the object has no id yet. */
  readonly object: string | null;
  readonly workspaceId: string | null;
  /** The names of the given fields, never their values. */
  readonly fields: readonly string[];
  /** The HTTP status of the answer; null in the phase `begun`. */
  readonly status: number | null;
}

export interface AuditRecord extends AuditRow {
  readonly id: string;
  readonly at: Date;
}

export async function appendAudit(db: Pool, row: AuditRow): Promise<void> {
  await db.query({
    name: 'append-audit',
    // The trigger `chain` fills in the digest.
    text: `
insert into audit (request_id, phase, actor_kind, actor_id, address, action, object, workspace_id, fields, status,
  hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')`,
    values: [
      row.requestId,
      row.phase,
      row.actorKind,
      row.actorId,
      row.address,
      row.action,
      row.object,
      row.workspaceId,
      row.fields,
      row.status,
    ],
  });
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

export interface AuditVerdict {
  readonly rows: number;
  /** The first row that was changed, or before which a row is missing; null if there is none. */
  readonly brokenAt: string | null;
  /** The digest of the newest row. A copy of it elsewhere proves later that no rows were removed at the end. */
  readonly head: string | null;
}

const rowsAtOnce = 5_000;

/** Reads the whole log and recomputes each digest, in this process and not in the database. */
export async function verifyAudit(db: Pool): Promise<AuditVerdict> {
  let before: Buffer = Buffer.alloc(0);
  let after = '0';
  for (let rows = 0; ; ) {
    const page = await db.query<{ id: string; values: (string | null)[]; hash: Buffer }>(
      `select id::text, hash, array[id::text, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         request_id::text, phase, actor_kind, actor_id, address, action, object, workspace_id,
         array_to_string(fields, ','), status::text] as values
       from audit a where a.id > $1 order by a.id limit $2`,
      [after, rowsAtOnce],
    );
    for (const { id, values, hash } of page.rows) {
      const text = values.map((value) => (value === null ? '-' : `${Buffer.byteLength(value)}:${value}`)).join(' ');
      const expected = createHash('sha256').update(before).update(text).digest();
      if (!expected.equals(hash)) return { rows, brokenAt: id, head: null };
      before = hash;
      after = id;
      rows += 1;
    }
    if (page.rows.length < rowsAtOnce) {
      return { rows, brokenAt: null, head: rows === 0 ? null : before.toString('hex') };
    }
  }
}

/** The queries of `store.audit`. */
export const audit = (db: Pool) => bindQueries(db, { append: appendAudit, list: listAudit, verify: verifyAudit });
