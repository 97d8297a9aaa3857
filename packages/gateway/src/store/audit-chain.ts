import { createHash, createHmac } from 'node:crypto';

/** The end of the chain at one time. A copy of it elsewhere shows later whether entries up to it were changed or removed. */
export interface AuditHead {
  /** The digest of the newest entry, in hexadecimal. */
  readonly head: string;
  /** How many entries the chain has up to it; null if the holder does not know. */
  readonly entries: number | null;
}

/**
 * What makes the digests of the audit log. Each digest covers its entry and the digest before it. It is keyed, so a
 * person who changes entries in the database cannot make digests that fit.
 */
export interface AuditChain {
  /** 32 bytes. They are never sent to the database in this form. */
  readonly key: Buffer;
  /** The entries from before there was a key: a chain of plain digests, and where it ends. */
  readonly unkeyed: UnkeyedEntries;
}

export interface UnkeyedEntries {
  readonly entries: number;
  /** The id of the last of them; 0 if there are none. */
  readonly lastId: number;
  /** The digest of the last of them, in hexadecimal; empty if there are none. */
  readonly head: string;
}

/** The stored columns of an entry that its digest covers. */
export interface ChainedRow {
  readonly id: number;
  /** In UTC, to the microsecond: `2026-01-31T12:00:00.000000Z`. */
  readonly at: string;
  readonly request_id: string;
  readonly phase: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly address: string;
  readonly action: string;
  readonly object: string | null;
  readonly workspace_id: string | null;
  readonly fields: readonly string[];
  readonly status: number | null;
}

export function digestOf(chain: AuditChain, before: Buffer, row: ChainedRow): Buffer {
  const isKeyed = row.id > chain.unkeyed.lastId;
  const hash = isKeyed ? createHmac('sha256', chain.key) : createHash('sha256');
  // The names of fields come from the caller: a list as JSON cannot be mistaken for another one.
  const fields = isKeyed ? JSON.stringify(row.fields) : row.fields.join(',');
  return hash.update(before).update(textOf(row, fields)).digest();
}

/** Each value is preceded by its length, or is a minus sign if it is null, so that no two rows have the same text. */
const textOf = (row: ChainedRow, fields: string): string =>
  [
    row.id,
    row.at,
    row.request_id,
    row.phase,
    row.actor_kind,
    row.actor_id,
    row.address,
    row.action,
    row.object,
    row.workspace_id,
    fields,
    row.status,
  ]
    .map((value) => (value === null ? '-' : `${Buffer.byteLength(String(value))}:${value}`))
    .join(' ');
