import type { Pool } from 'pg';
import type { Role } from '../core/access/roles.ts';
import { sessionIdleMs, sessionLifeMs } from '../core/access/session-life.ts';
import { bindQueries } from './database/bind-queries.ts';

export interface SessionRecord {
  readonly id: string;
  readonly personId: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  /** To the minute. */
  readonly seenAt: Date;
  readonly endsAt: Date;
}

/** The person of a valid session, with the person's rights. */
export interface OpenSession {
  readonly sessionId: string;
  readonly personId: string;
  readonly role: Role;
  readonly workspaces: readonly string[] | null;
}

const isLive = `seen_at > now() - interval '${sessionIdleMs} ms'
  and created_at > now() - interval '${sessionLifeMs} ms'`;

export async function insertSession(
  db: Pool,
  row: {
    readonly id: string;
    readonly digest: Buffer;
    readonly personId: string;
    readonly address: string;
    readonly userAgent: string | null;
  },
): Promise<void> {
  await db.query(
    `with ended as (
       delete from sessions where not (${isLive})
     )
     insert into sessions (id, digest, person_id, address, user_agent) values ($1, $2, $3, $4, $5)`,
    [row.id, row.digest, row.personId, row.address, row.userAgent],
  );
}

/** Null if the session has ended, or if its person is disabled. Records the use, at most once a minute. */
export async function openSession(db: Pool, digest: Buffer): Promise<OpenSession | null> {
  const { rows } = await db.query<{ id: string; person_id: string; role: Role; workspaces: string[] | null }>({
    name: 'open-session',
    text: `
with seen as (
  update sessions set seen_at = now() where digest = $1 and ${isLive} and seen_at < now() - interval '1 minute'
)
select s.id, s.person_id, p.role, p.workspaces from sessions s join people p on p.id = s.person_id
where s.digest = $1 and s.${isLive.replace('and created_at', 'and s.created_at')} and p.disabled_at is null`,
    values: [digest],
  });
  const row = rows[0];
  return row ? { sessionId: row.id, personId: row.person_id, role: row.role, workspaces: row.workspaces } : null;
}

export async function listSessions(db: Pool, personId: string): Promise<readonly SessionRecord[]> {
  const { rows } = await db.query<{
    id: string;
    person_id: string;
    address: string;
    user_agent: string | null;
    created_at: Date;
    seen_at: Date;
    ends_at: Date;
  }>(
    `select id, person_id, address, user_agent, created_at, seen_at,
       least(seen_at + interval '${sessionIdleMs} ms', created_at + interval '${sessionLifeMs} ms') as ends_at
     from sessions where person_id = $1 and ${isLive} order by created_at desc, id`,
    [personId],
  );
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    address: row.address,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    endsAt: row.ends_at,
  }));
}

/** False if the person has no such session. */
export async function endSession(db: Pool, personId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from sessions where person_id = $1 and id = $2', [personId, id]);
  return rowCount === 1;
}

/** The queries of `store.sessions`. */
export const sessions = (db: Pool) =>
  bindQueries(db, { insert: insertSession, open: openSession, list: listSessions, end: endSession });
