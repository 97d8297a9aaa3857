import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** A workspace's grant, as all replicas see it. */
export interface GrantRecord {
  /** Sealed; the workspace's current credential. */
  readonly inboxCredential: Buffer;
  /** Sealed; null if there is none, or if it has expired. */
  readonly accessToken: Buffer | null;
  /** The digest of the credential with which the access token was made. */
  readonly madeWith: Buffer | null;
  /** The remaining life of the access token; 0 if there is none. */
  readonly remainingMs: number;
  /** A process is renewing it now. */
  readonly isClaimed: boolean;
}

interface Row {
  readonly inbox_credential: Buffer;
  readonly access_token: Buffer | null;
  readonly made_with: Buffer | null;
  readonly remaining_ms: number;
  readonly is_claimed: boolean;
}

/** Null if there is no such workspace. */
export async function readGrant(db: Pool, workspaceId: string): Promise<GrantRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-grant',
    text: `
select w.inbox_credential, g.access_token, g.made_with,
  greatest(coalesce(extract(epoch from g.expires_at - now()) * 1000, 0), 0)::float8 as remaining_ms,
  coalesce(g.claimed_until > now(), false) as is_claimed
from workspaces w left join grants g on g.workspace_id = w.id
where w.id = $1 and w.state <> 'deleted'`,
    values: [workspaceId],
  });
  const [row] = rows;
  if (!row) return null;
  return {
    inboxCredential: row.inbox_credential,
    accessToken: row.remaining_ms > 0 ? row.access_token : null,
    madeWith: row.made_with,
    remainingMs: row.remaining_ms,
    isClaimed: row.is_claimed,
  };
}

/** Claims the right to renew a grant for `forMs`. False while another process has the claim. */
export async function claimGrant(db: Pool, workspaceId: string, claim: string, forMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'claim-grant',
    text: `
insert into grants as g (workspace_id, claim, claimed_until) values ($1, $2, now() + $3 * interval '1 ms')
on conflict (workspace_id) do update set claim = excluded.claim, claimed_until = excluded.claimed_until
where g.claimed_until is null or g.claimed_until <= now()`,
    values: [workspaceId, claim, forMs],
  });
  return rowCount === 1;
}

/** Releases the claim without a renewal. */
export async function releaseGrant(db: Pool, workspaceId: string, claim: string): Promise<void> {
  await db.query(`update grants set claim = null, claimed_until = null where workspace_id = $1 and claim = $2`, [
    workspaceId,
    claim,
  ]);
}

export interface RenewedGrant {
  readonly workspaceId: string;
  readonly claim: string;
  /** Sealed. */
  readonly accessToken: Buffer;
  readonly madeWith: Buffer;
  readonly lifeMs: number;
  /** The credential before and after the renewal, sealed. */
  readonly credentialBefore: Buffer;
  readonly credentialAfter: Buffer;
}

/**
 * Stores the result of a renewal, credential and access token, in one statement. False, and nothing is written, if
 * the claim was lost or an administrator replaced the credential during the renewal.
 */
export async function renewGrant(db: Pool, row: RenewedGrant): Promise<boolean> {
  const { rowCount } = await db.query(
    `with mine as (
       select g.workspace_id from grants g join workspaces w on w.id = g.workspace_id
       where g.workspace_id = $1 and g.claim = $2 and w.inbox_credential = $6
       for update
     ), credential as (
       update workspaces w set inbox_credential = $7 from mine where w.id = mine.workspace_id and $6::bytea <> $7::bytea
     )
     update grants g set access_token = $3, made_with = $4, expires_at = now() + $5 * interval '1 ms',
       claim = null, claimed_until = null
     from mine where g.workspace_id = mine.workspace_id`,
    [row.workspaceId, row.claim, row.accessToken, row.madeWith, row.lifeMs, row.credentialBefore, row.credentialAfter],
  );
  return rowCount === 1;
}

/** The queries of `store.grants`. */
export const grants = (db: Pool) =>
  bindQueries(db, { read: readGrant, claim: claimGrant, release: releaseGrant, renew: renewGrant });
