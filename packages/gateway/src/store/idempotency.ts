import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** Names one logical request: the owner of the key space, the route and the caller's key. */
export interface KeyName {
  readonly scope: string;
  readonly route: string;
  readonly key: string;
}

export interface KeyClaim {
  readonly name: KeyName;
  readonly workspaceId: string | null;
  /** Digest of the route and the normalised body. */
  readonly fingerprint: Buffer;
  /** The digest that an earlier version stored for the same body, which has no key. Absent where it stored the same as now. */
  readonly earlierFingerprint?: (() => Buffer) | undefined;
  readonly requestId: string;
  readonly epoch: number;
  readonly warnings: readonly unknown[];
}

/** A key that an earlier request holds. */
export interface HeldKey {
  readonly fingerprint: Buffer;
  readonly requestId: string;
  /** Its process is alive, so the request may still be running. */
  readonly ownerAlive: boolean;
  readonly messageId: number | null;
  readonly createdOn: string | null;
  readonly warnings: readonly unknown[];
  readonly answer: Buffer | null;
  /** How the request ended; null while it runs, and for deliveries, whose message shows it. */
  readonly ended: RequestEnd['ended'] | null;
  readonly made: string | null;
}

/** How a management request ended. After that it is never carried out again. */
export interface RequestEnd {
  /** `unknown`: it failed in a way that does not show whether it was carried out. */
  readonly ended: 'done' | 'unknown';
  /** The id of the object that it made or changed. */
  readonly made: string | null;
  /** Null for an answer that must not be stored. */
  readonly answer: Buffer | null;
  /** The workspace that the answer is about, or one of its channels. Both null for an answer about no workspace. */
  readonly workspaceId: string | null;
  readonly channelId: string | null;
}

interface HeldRow {
  readonly fingerprint: Buffer;
  readonly request_id: string;
  readonly owner_alive: boolean;
  readonly message_id: number | null;
  readonly created_on: string | null;
  readonly warnings: readonly unknown[];
  readonly answer: Buffer | null;
  readonly ended: RequestEnd['ended'] | null;
  readonly made: string | null;
}

const heldKey = `
select k.fingerprint, k.request_id, k.message_id, k.created_on, k.warnings, k.answer, k.ended, k.made,
  exists (select 1 from processes p where p.epoch = k.epoch) as owner_alive
from idempotency_keys k
where k.scope = $1 and k.route = $2 and k.key = $3`;

const decode = (row: HeldRow): HeldKey => ({
  fingerprint: row.fingerprint,
  requestId: row.request_id,
  ownerAlive: row.owner_alive,
  messageId: row.message_id,
  createdOn: row.created_on,
  warnings: row.warnings,
  answer: row.answer,
  ended: row.ended,
  made: row.made,
});

/**
 * Null if the key is now claimed for this request, otherwise the request that holds it. Only the row that the insert
 * returns proves the claim: the statement does not see the row of another request that claimed the key at the same
 * moment, so that its absence proves nothing.
 */
export async function claimKey(db: Pool, claim: KeyClaim): Promise<HeldKey | null> {
  for (;;) {
    const { rowCount } = await db.query({
      name: 'claim-key',
      text: `
insert into idempotency_keys (scope, route, key, workspace_id, fingerprint, request_id, epoch, warnings)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      values: [...nameValues(claim.name), ...claimValues(claim)],
    });
    if (rowCount === 1) return null;
    const held = await readHeldKey(db, claim.name);
    // Without a holder, the key was released in between.
    if (held !== null) return held;
  }
}

/** The request that holds a key; null if the key is free. */
export async function readHeldKey(db: Pool, name: KeyName): Promise<HeldKey | null> {
  const { rows } = await db.query<HeldRow>({ name: 'read-held-key', text: heldKey, values: nameValues(name) });
  return rows[0] ? decode(rows[0]) : null;
}

/**
 * Takes over a key whose request ended without an effect, if the key is still as it was seen. If the earlier request
 * continues after that, its intent finds that the key is lost.
 */
export async function takeOverKey(db: Pool, claim: KeyClaim, seen: HeldKey): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'take-over-key',
    text: `
update idempotency_keys set workspace_id = $4, fingerprint = $5, request_id = $6, epoch = $7, warnings = $8,
  message_id = null, created_on = null, answer = null, created_at = now()
where scope = $1 and route = $2 and key = $3 and request_id = $9 and message_id is not distinct from $10
  and answer is null and ended is null`,
    values: [...nameValues(claim.name), ...claimValues(claim), seen.requestId, seen.messageId],
  });
  return rowCount === 1;
}

/** Releases a key: its request ended without an effect, and the same key may be used again. */
export async function releaseKey(db: Pool, name: KeyName, requestId: string): Promise<void> {
  await db.query({
    name: 'release-key',
    text: `delete from idempotency_keys where scope = $1 and route = $2 and key = $3 and request_id = $4`,
    values: [...nameValues(name), requestId],
  });
}

/**
 * Stores how a management request ended. Its answer is left out if a customer of the workspace was erased while the
 * request ran: it may be about that customer.
 */
export async function endRequest(db: Pool, name: KeyName, requestId: string, end: RequestEnd): Promise<void> {
  await db.query({
    name: 'end-request',
    text: `
with subject as (
  select coalesce($8::text, (select workspace_id from channels where id = $9)) as workspace_id
)
update idempotency_keys k set ended = $5, made = $6, workspace_id = s.workspace_id,
  answer = case when not exists (
    select 1 from erasures e where e.workspace_id = s.workspace_id and e.erased_at >= k.created_at) then $7::bytea end
from subject s
where k.scope = $1 and k.route = $2 and k.key = $3 and k.request_id = $4`,
    values: [...nameValues(name), requestId, end.ended, end.made, end.answer, end.workspaceId, end.channelId],
  });
}

/** Stores the answer of a delivery, which is final. False if another request took over the key. */
export async function storeAnswer(db: Pool, name: KeyName, requestId: string, answer: Buffer): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'store-answer',
    text: `update idempotency_keys set answer = $5 where scope = $1 and route = $2 and key = $3 and request_id = $4`,
    values: [...nameValues(name), requestId, answer],
  });
  return rowCount === 1;
}

const nameValues = (name: KeyName) => [name.scope, name.route, name.key];

const claimValues = (claim: KeyClaim) => [
  claim.workspaceId,
  claim.fingerprint,
  claim.requestId,
  claim.epoch,
  JSON.stringify(claim.warnings),
];

/** The queries of `store.idempotency`. */
export const idempotency = (db: Pool) =>
  bindQueries(db, {
    claim: claimKey,
    readHeld: readHeldKey,
    takeOver: takeOverKey,
    release: releaseKey,
    storeAnswer,
    end: endRequest,
  });
