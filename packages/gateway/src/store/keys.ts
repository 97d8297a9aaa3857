import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

export interface KeyRecord {
  readonly id: string;
  readonly workspaceId: string;
  /** Null for a workspace key. */
  readonly channelId: string | null;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  /** The addresses and networks from which it may be used. Empty: all. */
  readonly networks: readonly string[];
  readonly limit: { readonly perSecond: number; readonly burst: number };
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** The end of the overlap after a rotation. */
  readonly retiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedFrom: string | null;
  /** By the database's clock. */
  readonly state: 'live' | 'retired' | 'revoked' | 'expired';
  /** The remaining life of a live key; null if it has no end. */
  readonly endsInMs: number | null;
}

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly channel_id: string | null;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: string[];
  readonly networks: string[];
  readonly rate_per_second: number;
  readonly rate_burst: number;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly retires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
  readonly last_used_from: string | null;
  readonly state: KeyRecord['state'];
  readonly ends_in_ms: number | null;
}

const columns = `id, workspace_id, channel_id, name, prefix, scopes, networks, rate_per_second, rate_burst,
  created_at, expires_at, retires_at, revoked_at, last_used_at, last_used_from,
  case when revoked_at is not null then 'revoked' when retires_at <= now() then 'retired'
    when expires_at <= now() then 'expired' else 'live' end as state,
  greatest(0, extract(epoch from least(expires_at, retires_at) - now()) * 1000)::float8 as ends_in_ms`;

const decode = (row: Row): KeyRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  channelId: row.channel_id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  networks: row.networks,
  limit: { perSecond: row.rate_per_second, burst: row.rate_burst },
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  retiresAt: row.retires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
  lastUsedFrom: row.last_used_from,
  state: row.state,
  endsInMs: row.expires_at === null && row.retires_at === null ? null : row.ends_in_ms,
});

export type NewKey = Pick<
  KeyRecord,
  'id' | 'workspaceId' | 'channelId' | 'name' | 'prefix' | 'scopes' | 'networks' | 'limit' | 'expiresAt'
> & {
  /** HMAC-SHA-256 of the secret. */
  readonly digest: Buffer;
};

/** Null if a key with this digest already exists. */
export async function insertKey(db: Pool, row: NewKey): Promise<KeyRecord | null> {
  const { rows } = await db.query<Row>(
    `insert into keys (id, workspace_id, channel_id, name, digest, prefix, rate_per_second, rate_burst, expires_at,
       scopes, networks)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (digest) do nothing returning ${columns}`,
    [
      row.id,
      row.workspaceId,
      row.channelId,
      row.name,
      row.digest,
      row.prefix,
      row.limit.perSecond,
      row.limit.burst,
      row.expiresAt,
      row.scopes,
      row.networks,
    ],
  );
  return rows[0] ? decode(rows[0]) : null;
}

export async function readKeyByDigest(db: Pool, digest: Buffer): Promise<KeyRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-key-by-digest',
    text: `select ${columns} from keys where digest = $1`,
    values: [digest],
  });
  return rows[0] ? decode(rows[0]) : null;
}

/** A key in the gateway's own format, by the id that is part of it. The caller compares the digest. */
export async function readKeyWithDigest(
  db: Pool,
  id: string,
): Promise<{ readonly key: KeyRecord; readonly digest: Buffer } | null> {
  const { rows } = await db.query<Row & { digest: Buffer }>({
    name: 'read-key-with-digest',
    text: `select digest, ${columns} from keys where id = $1`,
    values: [id],
  });
  return rows[0] ? { key: decode(rows[0]), digest: rows[0].digest } : null;
}

export async function readKey(db: Pool, id: string): Promise<KeyRecord | null> {
  const { rows } = await db.query<Row>(`select ${columns} from keys where id = $1`, [id]);
  return rows[0] ? decode(rows[0]) : null;
}

export async function listKeys(
  db: Pool,
  filter: { readonly workspaceId?: string | undefined; readonly channelId?: string | undefined },
): Promise<readonly KeyRecord[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from keys
     where ($1::text is null or workspace_id = $1) and ($2::text is null or channel_id = $2) order by created_at, id`,
    [filter.workspaceId ?? null, filter.channelId ?? null],
  );
  return rows.map(decode);
}

export type KeyChange = {
  readonly [P in 'name' | 'scopes' | 'networks' | 'limit' | 'expiresAt']?: KeyRecord[P] | undefined;
};

/** Writes the given fields only. Null if there is no such key. */
export async function updateKey(db: Pool, id: string, change: KeyChange): Promise<KeyRecord | null> {
  const { rows } = await db.query<Row>(
    `update keys set name = coalesce($2, name), scopes = coalesce($3, scopes), networks = coalesce($4, networks),
       rate_per_second = coalesce($5, rate_per_second), rate_burst = coalesce($6, rate_burst),
       expires_at = case when $7 then $8 else expires_at end
     where id = $1 returning ${columns}`,
    [
      id,
      change.name ?? null,
      change.scopes ?? null,
      change.networks ?? null,
      change.limit?.perSecond ?? null,
      change.limit?.burst ?? null,
      change.expiresAt !== undefined,
      change.expiresAt ?? null,
    ],
  );
  return rows[0] ? decode(rows[0]) : null;
}

/** Ends a key after `overlapMs`, unless it ends earlier. Null if there is no such key, or if it is revoked. */
export async function retireKey(db: Pool, id: string, overlapMs: number): Promise<KeyRecord | null> {
  const { rows } = await db.query<Row>(
    `update keys set retires_at = least(retires_at, now() + $2 * interval '1 ms')
     where id = $1 and revoked_at is null returning ${columns}`,
    [id, overlapMs],
  );
  return rows[0] ? decode(rows[0]) : null;
}

/** Effective at once in the store, and on every replica when its cache expires (within 5 s). */
export async function revokeKey(db: Pool, id: string): Promise<KeyRecord | null> {
  const { rows } = await db.query<Row>(
    `update keys set revoked_at = coalesce(revoked_at, now()) where id = $1 returning ${columns}`,
    [id],
  );
  return rows[0] ? decode(rows[0]) : null;
}

/** Afterwards the key is treated like one that never existed. */
export async function deleteKey(db: Pool, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from keys where id = $1', [id]);
  return rowCount === 1;
}

export async function recordKeyUse(db: Pool, id: string, address: string): Promise<void> {
  await db.query({
    name: 'record-key-use',
    text: `update keys set last_used_at = now(), last_used_from = $2 where id = $1`,
    values: [id, address],
  });
}

/** The queries of `store.keys`. */
export const keys = (db: Pool) =>
  bindQueries(db, {
    insert: insertKey,
    read: readKey,
    readByDigest: readKeyByDigest,
    readWithDigest: readKeyWithDigest,
    update: updateKey,
    list: listKeys,
    retire: retireKey,
    revoke: revokeKey,
    delete: deleteKey,
    recordUse: recordKeyUse,
  });
