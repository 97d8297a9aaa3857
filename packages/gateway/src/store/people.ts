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
  /** Sealed; null without a second factor. It is in force once it is confirmed. */
  readonly totpSecret: Buffer | null;
  readonly isTotpConfirmed: boolean;
  /** The person signs in with the identity provider. */
  readonly isLinked: boolean;
  /** Device cookies of an earlier version no longer count. */
  readonly deviceVersion: number;
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
  readonly device_version: number;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

const columns = `id, email, name, role, workspaces, password, totp_secret,
  totp_confirmed_at is not null as totp_confirmed, oidc_subject is not null as linked, device_version, created_at, disabled_at`;

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
  deviceVersion: row.device_version,
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

/** Invitations of earlier versions have no role. */
const isForRole = 'coalesce(i.role, p.role) = p.role';

/**
 * Sets the password of the invited person, removes the second factor, and ends their sessions and device cookies. Null
 * if the invitation is not valid.
 */
export async function acceptInvitation(db: Pool, digest: Buffer, password: string): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `with taken as (
       delete from invitations i using people p
       where i.digest = $1 and i.person_id = p.id and i.expires_at > now() and ${isForRole} and p.disabled_at is null
       returning i.person_id, i.role as invited_role
     ), ended as (
       delete from sessions s using taken t where s.person_id = t.person_id
     ), forgotten as (
       delete from second_factor_failures f using taken t where f.person_id = t.person_id
     )
     update people p set password = $2, totp_secret = null, totp_confirmed_at = null, totp_step = null,
       pending_totp_secret = null, pending_totp_at = null, device_version = device_version + 1
     from taken t where p.id = t.person_id and coalesce(t.invited_role, p.role) = p.role returning ${columns}`,
    [digest, password],
  );
  return decodeFirst(rows);
}

/**
 * A valid invitation: for a person, or (`person` is null) for the first owner. Null if the invitation is not valid.
 */
export async function readInvited(db: Pool, digest: Buffer): Promise<{ readonly person: PersonRecord | null } | null> {
  const { rows } = await db.query<{ person_id: string | null }>(
    `select i.person_id from invitations i left join people p on p.id = i.person_id
     where i.digest = $1 and i.expires_at > now()
       and case when i.person_id is null then not exists (select 1 from people) else ${isForRole} end`,
    [digest],
  );
  const [invitation] = rows;
  if (!invitation) return null;
  return { person: invitation.person_id === null ? null : await readPerson(db, invitation.person_id) };
}

/** An identity at the identity provider. */
export interface ProviderSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** Null if no person is linked with this identity, or if the person is disabled. */
export async function findPersonOfProvider(
  db: Pool,
  { issuer, subject }: ProviderSubject,
): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `select ${columns} from people where oidc_issuer = $1 and oidc_subject = $2 and disabled_at is null`,
    [issuer, subject],
  );
  return decodeFirst(rows);
}

/**
 * Links a person with an identity. `password` is the digest that the person has proven to know, or null for a person
 * who has never set a password. Null if the person has another one already, is linked already or is disabled, or if the
 * identity belongs to another person. An open invitation of the person ends.
 */
export async function linkPersonWithProvider(
  db: Pool,
  id: string,
  { issuer, subject }: ProviderSubject,
  password: string | null,
): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `with linked as (
       update people set oidc_issuer = $2, oidc_subject = $3
       where id = $1 and password is not distinct from $4 and oidc_subject is null and disabled_at is null
         and not exists (select 1 from people o where o.oidc_issuer = $2 and o.oidc_subject = $3)
       returning ${columns}
     ), used as (
       delete from invitations i using linked l where i.person_id = l.id
     )
     select * from linked`,
    [id, issuer, subject, password],
  );
  return decodeFirst(rows);
}

export async function hasPeople(db: Pool): Promise<boolean> {
  return (await db.query('select 1 from people limit 1')).rowCount === 1;
}

/**
 * Stores an invitation. It replaces an earlier one of the same person, or of the first owner. It counts as long as the
 * person has this role, so that a caller who was allowed to invite a member cannot become an owner with it.
 */
export async function putInvitation(
  db: Pool,
  row: {
    readonly digest: Buffer;
    /** Null: for the first owner. */
    readonly person: Pick<PersonRecord, 'id' | 'role'> | null;
    readonly lifeMs: number;
  },
): Promise<void> {
  await db.query(
    `with replaced as (
       delete from invitations where person_id is not distinct from $2
     )
     insert into invitations (digest, person_id, role, expires_at) values ($1, $2, $4, now() + $3 * interval '1 ms')
     on conflict (person_id) do update
       set digest = excluded.digest, role = excluded.role, expires_at = excluded.expires_at`,
    [row.digest, row.person?.id ?? null, row.lifeMs, row.person?.role ?? null],
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
 * Writes the given fields only, and ends the person's sessions and device cookies if the change affects their rights.
 * Null if there is no such person who still has the role `before`, or if no owner would be left.
 */
export async function updatePerson(
  db: Pool,
  id: string,
  before: Role,
  change: PersonChange,
): Promise<PersonRecord | null> {
  const { rows } = await db.query<Row>(
    `with ${ownersLocked}, changed as (
       update people p set name = coalesce($2, name), role = coalesce($3, role),
         workspaces = case when $4 then $5 else workspaces end,
         disabled_at = case when $6::boolean is null then disabled_at when $6 then coalesce(disabled_at, now()) end,
         device_version = device_version + ($3 is not null or $4 or coalesce($6, false))::int
       where id = $1 and role = $7 and (${staysOwned('$1', "coalesce($3, 'owner') = 'owner' and $6 is distinct from true")})
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
      before,
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

/** False if there is no such person with this role, or if no owner would be left. */
export async function deletePerson(db: Pool, id: string, role: Role): Promise<boolean> {
  const { rowCount } = await db.query(
    `with ${ownersLocked} delete from people where id = $1 and role = $2 and (${staysOwned('$1', 'false')})`,
    [id, role],
  );
  return rowCount === 1;
}

/**
 * Also ends all sessions of the person except `keptSession`, all device cookies, and a second factor that is not
 * confirmed. A caller who guessed codes with the old password has to guess it again, so those failures are forgotten.
 */
export async function setPassword(db: Pool, id: string, password: string, keptSession: string | null): Promise<void> {
  await db.query(
    `with ended as (
       delete from sessions where person_id = $1 and id is distinct from $3
     ), forgotten as (
       delete from second_factor_failures where person_id = $1
     )
     update people set password = $2, pending_totp_secret = null, pending_totp_at = null,
       device_version = device_version + 1
     where id = $1`,
    [id, password, keptSession],
  );
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
    linkProvider: linkPersonWithProvider,
    storeInvitation: putInvitation,
    read: readPerson,
    readByEmail: readPersonByEmail,
    list: listPeople,
    update: updatePerson,
    delete: deletePerson,
    setPassword,
  });
