import type { Pool } from 'pg';
import { isErrorCode } from '../errors/error-code.ts';
import type { Clock } from '../ports/clock.ts';
import { type AuditChain, type ChainedRow, digestOf } from './audit-chain.ts';
import { createBatcher, rowBatches, type Schedule } from './database/batcher.ts';

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

export interface AuditAppendOptions {
  readonly chain: AuditChain;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly schedule: Schedule;
}

/** The end of the chain, as this process knows it. */
interface End {
  readonly id: number;
  readonly hash: Buffer;
}

/** Each failed try means that another process added an entry, so one of them always succeeds. */
const triesMax = 100;
/** PostgreSQL: unique_violation. */
const uniqueViolation = '23505';

/**
 * Returns the function that adds an entry; it resolves when the entry is durable. The digest is computed here, because the key must
 * not reach the database. Entries that wait share one statement. The statement adds them only behind the entry that this process
 * believes to be the newest; if another process was faster, it reads the newest entry and tries again.
 */
export function createAuditAppend(
  db: Pool,
  { chain, clock, schedule }: AuditAppendOptions,
): (row: AuditRow) => Promise<void> {
  let known: End | null = null;
  const append = async (rows: readonly AuditRow[]): Promise<readonly null[]> => {
    for (let tries = 1; ; tries += 1) {
      const from = known ?? (await readEnd(db));
      // What is not known to have been added may have been added.
      known = null;
      const entries = chainRows(chain, from, rows, clock.nowMs());
      if (await insertBehind(db, from, entries)) {
        known = entries.at(-1)?.end ?? from;
        return rows.map(() => null);
      }
      if (tries === triesMax) throw new Error('Other processes were faster to add to the audit log each time.');
    }
  };
  const batcher = createBatcher({ ...rowBatches(append), schedule });
  return async (row) => {
    await batcher.submit(row);
  };
}

interface ChainedEntry {
  readonly row: ChainedRow;
  readonly end: End;
}

function chainRows(chain: AuditChain, from: End, rows: readonly AuditRow[], nowMs: number): readonly ChainedEntry[] {
  // PostgreSQL has microseconds.
  const at = new Date(nowMs).toISOString().replace('Z', '000Z');
  let end = from;
  return rows.map((given) => {
    const row: ChainedRow = {
      id: end.id + 1,
      at,
      request_id: given.requestId,
      phase: given.phase,
      actor_kind: given.actorKind,
      actor_id: storable(given.actorId),
      address: storable(given.address),
      action: given.action,
      object: given.object === null ? null : storable(given.object),
      workspace_id: given.workspaceId === null ? null : storable(given.workspaceId),
      fields: given.fields.map(storable),
      status: given.status,
    };
    end = { id: row.id, hash: digestOf(chain, end.hash, row) };
    return { row, end };
  });
}

/** The text as the database returns it: PostgreSQL stores no zero character, and UTF-8 has no half of a character pair. */
const storable = (text: string): string => Buffer.from(text.replaceAll('\0', '\u{fffd}')).toString();

async function readEnd(db: Pool): Promise<End> {
  const { rows } = await db.query<End>('select id, hash from audit order by id desc limit 1');
  return rows[0] ?? { id: 0, hash: Buffer.alloc(0) };
}

/** False if the entry `from` is not the newest one any more. Then nothing was added. */
async function insertBehind(db: Pool, from: End, entries: readonly ChainedEntry[]): Promise<boolean> {
  const rows = entries.map(({ row, end }) => ({ ...row, hash: `\\x${end.hash.toString('hex')}` }));
  try {
    const { rowCount } = await db.query({
      name: 'append-audit',
      text: `
insert into audit (id, at, request_id, phase, actor_kind, actor_id, address, action, object, workspace_id, fields, status,
  hash)
select id, at, request_id, phase, actor_kind, actor_id, address, action, object, workspace_id, fields, status, hash
from json_populate_recordset(null::audit, $1::json)
where coalesce((select hash from audit order by id desc limit 1), '') = $2`,
      values: [JSON.stringify(rows), from.hash],
    });
    return rowCount === rows.length;
  } catch (error) {
    // Another process added an entry during the statement. The numbers have no gaps, so both wanted the same one.
    if (isErrorCode(error, uniqueViolation)) return false;
    throw error;
  }
}
