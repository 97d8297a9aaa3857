import type { Pool } from 'pg';
import { type AuditChain, type AuditHead, type ChainedRow, digestOf } from './audit-chain.ts';

export interface AuditVerdict {
  /** How many entries are as they were written, from the beginning. */
  readonly rows: number;
  /** The id of the first entry that was changed, or before which an entry is missing; null if there is none. */
  readonly brokenAt: string | null;
  /** The digest of the newest entry. A copy of it elsewhere proves later that no entries were removed at the end. */
  readonly head: string | null;
  /** Where the known heads were found, one for each of them, in the same order. */
  readonly found: readonly FoundHead[];
}

/** Its `position` is the number of entries up to it; null if no unchanged entry has this head. */
export interface FoundHead extends AuditHead {
  readonly position: number | null;
}

const rowsAtOnce = 5_000;

/**
 * Reads the whole log, computes each digest again, in this process and not in the database, and looks for heads that were known
 * before.
 */
export async function verifyAudit(
  db: Pool,
  chain: AuditChain,
  known: readonly AuditHead[] = [],
): Promise<AuditVerdict> {
  const wanted = new Set(known.map(({ head }) => head));
  const positions = new Map<string, number>();
  const { unkeyed } = chain;
  let before: Buffer = Buffer.alloc(0);
  let lastId: number | null = null;
  let rows = 0;
  const verdict = (brokenAt: string | null): AuditVerdict => ({
    rows,
    brokenAt,
    head: rows === 0 || brokenAt !== null ? null : before.toString('hex'),
    found: known.map((one) => ({ ...one, position: positions.get(one.head) ?? null })),
  });
  // The entries without a key have plain digests, which anyone can make: the sealed key says where they ended.
  const endsUnkeyed = (): boolean => rows === unkeyed.entries && before.toString('hex') === unkeyed.head;
  for (;;) {
    const page = await readPage(db, lastId);
    for (const { hash, ...row } of page) {
      const isFirstKeyed = (lastId ?? 0) <= unkeyed.lastId && row.id > unkeyed.lastId;
      const isKept = digestOf(chain, before, row).equals(hash) && (!isFirstKeyed || endsUnkeyed());
      // The gateway numbers its entries from 1.
      if (!isKept) return verdict(row.id < 1 ? '1' : String(row.id));
      before = hash;
      lastId = row.id;
      rows += 1;
      const head = hash.toString('hex');
      if (wanted.has(head)) positions.set(head, rows);
    }
    if (page.length === rowsAtOnce) continue;
    const isCutInside = (lastId ?? 0) <= unkeyed.lastId && !endsUnkeyed();
    return verdict(isCutInside ? String((lastId ?? 0) + 1) : null);
  }
}

async function readPage(db: Pool, after: number | null): Promise<readonly (ChainedRow & { readonly hash: Buffer })[]> {
  const { rows } = await db.query<ChainedRow & { readonly hash: Buffer }>(
    `select id, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, request_id::text, phase,
       actor_kind, actor_id, address, action, object, workspace_id, fields, status, hash
     from audit a where $1::bigint is null or a.id > $1 order by a.id limit $2`,
    [after, rowsAtOnce],
  );
  return rows;
}
