import type { Pool } from 'pg';
import type { Role } from '../core/access/roles.ts';
import { bindQueries } from './database/bind-queries.ts';

export interface PersonRecord {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Null: every workspace. */
  readonly workspaces: readonly string[] | null;
  /** A digest; null until the invitation is accepted. */
  readonly password: string | null;
  /** Sealed; null without a second factor. */
  readonly totpSecret: Buffer | null;
  readonly isTotpConfirmed: boolean;
  /** The person signs in with the identity provider. */
  readonly isLinked: boolean;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly workspaces: string[] | null;
  readonly password: string | null;
  readonly totp_secret: Buffer | null;
  readonly totp_confirmed: boolean;
  readonly linked: boolean;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

const columns = `id, email, name, role, workspaces, password, totp_secret,
  totp_confirmed_at is not null as totp_confirmed, oidc_subject is not null as linked, created_at, disabled_at`;

const decode = (row: Row): PersonRecord => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  workspaces: row.workspaces,
  password: row.password,
  totpSecret: row.totp_secret,
  isTotpConfirmed: row.totp_confirmed,
  isLinked: row.linked,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
});

const decodeFirst = (rows: readonly Row[]): PersonRecord | null => (rows[0] ? decode(rows[0]) : null);

export type NewPerson = Pick<PersonRecord, 'id' | 'email' | 'name' | 'role' | 'workspaces' | 'password'>;

/** Null if a person with this e-mail address exists. */
export async function insertPerson(db: Pool, row: NewPerson): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `insert into people (id, email, name, role, workspaces, password) values ($1, $2, $3, $4, $5, $6)
     on conflict (email) do nothing returning ${columns}`,
    [row.id, row.email, row.name, row.role, row.workspaces, row.password],
  );
  return decodeFirst(rows);
}

/**
 * Inserts the first owner, who has the invitation without a person. Null if it is not valid, or if a person exists.
 */
export async function claimInstallation(db: Pool, digest: Buffer, row: NewPerson): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `with taken as (
       delete from invitations where digest = $7 and person_id is null and expires_at > now()
         and not exists (select 1 from people) returning 1
     )
     insert into people (id, email, name, role, workspaces, password)
     select $1, $2, $3, $4, $5, $6 from taken returning ${columns}`,
    [row.id, row.email, row.name, row.role, row.workspaces, row.password, digest],
  );
  return decodeFirst(rows);
}

/** Sets the password of the invited person and ends their sessions. Null if the invitation is not valid. */
export async function acceptInvitation(db: Pool, digest: Buffer, password: string): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `with taken as (
       delete from invitations where digest = $1 and person_id is not null and expires_at > now() returning person_id
     ), ended as (
       delete from sessions s using taken t where s.person_id = t.person_id
     )
     update people p set password = $2, totp_secret = null, totp_confirmed_at = null, totp_step = null
     from taken t where p.id = t.person_id and p.disabled_at is null returning ${columns}`,
    [digest, password],
  );
  return decodeFirst(rows);
}

/**
 * A valid invitation: for a person, or (`person` is null) for the first owner. Null if the invitation is not valid.
 */
export async function readInvited(db: Pool, digest: Buffer): Promise<{ readonly person: PersonRecord | null } | null> {
  const { rows } = await db.query<{ person_id: string | null }>(
    `select person_id from invitations where digest = $1 and expires_at > now()
       and (person_id is not null or not exists (select 1 from people))`,
    [digest],
  );
  const [invitation] = rows;
  if (!invitation) return null;
  return { person: invitation.person_id === null ? null : await readPerson(db, invitation.person_id) };
}

/**
 * Finds the person that the identity provider names: the one that is linked with the subject, or else the one with
 * the verified e-mail address, who is then linked with the subject. Null if there is none, or if the person is
 * disabled.
 */
export async function findPersonOfProvider(
  db: Pool,
  identity: { readonly issuer: string; readonly subject: string; readonly verifiedEmail: string | null },
): Promise<PersonRecord | null> {
  const { issuer, subject, verifiedEmail } = identity;
  const linked = await db.query<Row>(
    `select ${columns} from people where oidc_issuer = $1 and oidc_subject = $2 and disabled_at is null`,
    [issuer, subject],
  );
  if (linked.rows[0] || verifiedEmail === null) return decodeFirst(linked.rows);
  const invited = await db.query<Row>(
    `update people set oidc_issuer = $1, oidc_subject = $2
     where email = $3 and oidc_subject is null and disabled_at is null
       and not exists (select 1 from people o where o.oidc_issuer = $1 and o.oidc_subject = $2)
     returning ${columns}`,
    [issuer, subject, verifiedEmail],
  );
  return decodeFirst(invited.rows);
}

export async function hasPeople(db: Pool): Promise<boolean> {
  return (await db.query('select 1 from people limit 1')).rowCount === 1;
}

/** Stores an invitation. It replaces an earlier one of the same person, or of the first owner. */
export async function putInvitation(
  db: Pool,
  row: { readonly digest: Buffer; readonly personId: string | null; readonly lifeMs: number },
): Promise<void> {
  await db.query(
    `with replaced as (
       delete from invitations where person_id is not distinct from $2
     )
     insert into invitations (digest, person_id, expires_at) values ($1, $2, now() + $3 * interval '1 ms')
     on conflict (person_id) do update set digest = excluded.digest, expires_at = excluded.expires_at`,
    [row.digest, row.personId, row.lifeMs],
  );
}

export async function readPerson(db: Pool, id: string): Promise<PersonRecord | null> {
  return decodeFirst((await db.query<Row>(`select ${columns} from people where id = $1`, [id])).rows);
}

export async function readPersonByEmail(db: Pool, email: string): Promise<PersonRecord | null> {
  return decodeFirst((await db.query<Row>(`select ${columns} from people where email = $1`, [email])).rows);
}

export async function listPeople(db: Pool): Promise<readonly PersonRecord[]> {
  return (await db.query<Row>(`select ${columns} from people order by created_at, id`)).rows.map(decode);
}

export type PersonChange = {
  readonly [P in 'name' | 'role' | 'workspaces']?: PersonRecord[P] | undefined;
} & { readonly isDisabled?: boolean | undefined };

/**
 * Writes the given fields only, and ends the person's sessions if the change affects their rights. Null if there is
 * no such person, or if no owner would be left.
 */
export async function updatePerson(db: Pool, id: string, change: PersonChange): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `with ${ownersLocked}, changed as (
       update people p set name = coalesce($2, name), role = coalesce($3, role),
         workspaces = case when $4 then $5 else workspaces end,
         disabled_at = case when $6::boolean is null then disabled_at when $6 then coalesce(disabled_at, now()) end
       where id = $1 and (${staysOwned('$1', "coalesce($3, 'owner') = 'owner' and $6 is distinct from true")})
       returning ${columns}
     ), ended as (
       delete from sessions where person_id = $1 and exists (select 1 from changed) and ($3 is not null or $4 or $6)
     )
     select * from changed`,
    [
      id,
      change.name ?? null,
      change.role ?? null,
      change.workspaces !== undefined,
      change.workspaces ?? null,
      change.isDisabled ?? null,
    ],
  );
  return decodeFirst(rows);
}

/**
 * The lock makes the second of two owners who remove each other's role at the same moment see the first one's change.
 */
const ownersLocked = `owners as (
  select id from people
  where role = 'owner' and disabled_at is null and (password is not null or oidc_subject is not null)
  order by id for update
)`;

/**
 * The last owner who can sign in must remain one. Without an owner, only a reader of the data folder could appoint
 * one.
 */
const staysOwned = (id: string, isHarmless: string): string =>
  `role <> 'owner' or (${isHarmless}) or exists (select 1 from owners o where o.id <> ${id})
     or not exists (select 1 from owners o where o.id = ${id})`;

/** False if there is no such person, or if no owner would be left. */
export async function deletePerson(db: Pool, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with ${ownersLocked} delete from people where id = $1 and (${staysOwned('$1', 'false')})`,
    [id],
  );
  return rowCount === 1;
}

/** Also ends all sessions of the person except `keptSession`. */
export async function setPassword(db: Pool, id: string, password: string, keptSession: string | null): Promise<void> {
  await db.query(
    `with ended as (
       delete from sessions where person_id = $1 and id is distinct from $3
     )
     update people set password = $2 where id = $1`,
    [id, password, keptSession],
  );
}

/** Replaces the secret of the second factor, which is valid once it is confirmed. Null removes the second factor. */
export async function setTotp(db: Pool, id: string, secret: Buffer | null): Promise<void> {
  await db.query('update people set totp_secret = $2, totp_confirmed_at = null, totp_step = null where id = $1', [
    id,
    secret,
  ]);
}

/** Records the use of a correct code. False if this code or a later one was already used. */
export async function useTotpStep(db: Pool, id: string, step: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update people set totp_step = $2, totp_confirmed_at = coalesce(totp_confirmed_at, now())
     where id = $1 and (totp_step is null or totp_step < $2)`,
    [id, step],
  );
  return rowCount === 1;
}

/** The queries of `store.people`. */
export const people = (db: Pool) =>
  bindQueries(db, {
    insert: insertPerson,
    claimInstallation,
    acceptInvitation,
    readInvited,
    exist: hasPeople,
    findByProvider: findPersonOfProvider,
    storeInvitation: putInvitation,
    read: readPerson,
    readByEmail: readPersonByEmail,
    list: listPeople,
    update: updatePerson,
    delete: deletePerson,
    setPassword,
    setTotp,
    useTotpStep,
  });
