import type { Pool } from 'pg';
import type { GuessedFactor } from '../core/health/alarm.ts';
import { bindQueries } from './database/bind-queries.ts';

/** A second factor that was begun must be confirmed within this time. */
const pendingMinutes = 15;

/** Stores a new secret beside the second factor that is in force, which stays so until `confirm`. */
export async function storePendingFactor(db: Pool, personId: string, sealed: Buffer): Promise<void> {
  await db.query('update people set pending_totp_secret = $2, pending_totp_at = now() where id = $1', [
    personId,
    sealed,
  ]);
}

/** The sealed secret that waits for its first code. Null if there is none, or if it waited for more than 15 minutes. */
export async function readPendingFactor(db: Pool, personId: string): Promise<Buffer | null> {
  const { rows } = await db.query<{ secret: Buffer | null }>(
    `select pending_totp_secret as secret from people
     where id = $1 and pending_totp_at > now() - interval '${pendingMinutes} minutes'`,
    [personId],
  );
  return rows[0]?.secret ?? null;
}

/**
 * Puts a begun second factor in force, in place of an earlier one. `pending` is its sealed secret as it was read,
 * `sealed` the same secret sealed for its new place, and `step` the code that confirmed it. False if another one was
 * begun since.
 */
export async function confirmFactor(
  db: Pool,
  personId: string,
  { pending, sealed, step }: { readonly pending: Buffer; readonly sealed: Buffer; readonly step: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with confirmed as (
       update people set totp_secret = $3, totp_confirmed_at = now(), totp_step = $4,
         pending_totp_secret = null, pending_totp_at = null
       where id = $1 and pending_totp_secret = $2
       returning id
     ), forgotten as (
       delete from second_factor_failures f using confirmed c where f.person_id = c.id
     )
     select id from confirmed`,
    [personId, pending, sealed, step],
  );
  return rowCount === 1;
}

/** Removes the second factor, and one that was begun. */
export async function removeFactor(db: Pool, personId: string): Promise<void> {
  await db.query(
    `with forgotten as (
       delete from second_factor_failures where person_id = $1
     )
     update people set totp_secret = null, totp_confirmed_at = null, totp_step = null,
       pending_totp_secret = null, pending_totp_at = null
     where id = $1`,
    [personId],
  );
}

/** Records the use of a correct code. False if this code or a later one was already used. */
export async function useTotpStep(db: Pool, personId: string, step: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update people set totp_step = $2
     where id = $1 and totp_confirmed_at is not null and (totp_step is null or totp_step < $2)`,
    [personId, step],
  );
  return rowCount === 1;
}

/** One try to give a code after a right password. */
export interface FactorTry {
  /** The door that it came through. */
  readonly bucket: string;
  /** Null for a decoy, which is not counted for any person. */
  readonly personId: string | null;
  readonly network: string;
}

/** Wrong codes in a row before the first wait. */
const freeFactorFailures = 5;
const networksMax = 10;
const waitSecondsMax = 24 * 3_600;

/**
 * Counts a try as a failure before its code is looked at, in one statement: of any number of tries at the same moment,
 * in any number of processes, only the allowed ones get through. False if the door is locked; then nothing is counted.
 * After 5 failures in a row it is locked for a minute, then twice as long each time, up to a day.
 */
export async function takeFactorTry(db: Pool, { bucket, personId, network }: FactorTry): Promise<boolean> {
  const isOver = `f.last_at < now() - interval '1 day'`;
  const { rowCount } = await db.query(
    `insert into second_factor_failures as f (bucket, person_id, failures, total, networks)
     values ($1, $2, 1, 1, jsonb_build_object($3::text, 1))
     on conflict (bucket) do update set
       failures = f.failures + 1,
       total = case when ${isOver} then 1 else f.total + 1 end,
       first_at = case when ${isOver} then now() else f.first_at end,
       networks = case when ${isOver} then jsonb_build_object($3::text, 1)
         else f.networks || jsonb_build_object(${counted}, coalesce((f.networks ->> ${counted})::int, 0) + 1) end,
       last_at = now(),
       until = case when f.failures + 1 < $4 then 'epoch'
         else now() + least(${waitSecondsMax}, 60 * power(2, least(f.failures + 1 - $4, 11))) * interval '1 s' end
     where f.until <= now()`,
    [bucket, personId, network, freeFactorFailures],
  );
  return rowCount === 1;
}

/** The name under which a network is counted: the first ten have their own. */
const counted = `(case when f.networks ? $3::text or (select count(*) from jsonb_object_keys(f.networks)) < ${networksMax}
  then $3::text else 'others' end)`;

/** The code was right: the try was no failure, and those before it no longer count. What was seen stays for the alarm. */
export async function passFactorTry(
  db: Pool,
  { bucket, network }: Pick<FactorTry, 'bucket' | 'network'>,
): Promise<void> {
  await db.query(
    `with clean as (
       delete from second_factor_failures where bucket = $1 and total <= 1
     )
     update second_factor_failures set failures = 0, until = 'epoch', total = total - 1,
       networks = case when (networks ->> $2)::int > 1
         then networks || jsonb_build_object($2::text, (networks ->> $2)::int - 1) else networks - $2::text end
     where bucket = $1 and total > 1`,
    [bucket, network],
  );
}

/** People with at least five wrong codes within a day, through all doors together, from the networks with the most. */
export async function readGuessedFactors(db: Pool): Promise<readonly GuessedFactor[]> {
  const { rows } = await db.query<{
    person_id: string;
    name: string;
    total: number;
    since: Date;
    locked_until: Date | null;
    networks: GuessedFactor['networks'];
  }>(
    `with recent as (
       select * from second_factor_failures where person_id is not null and last_at > now() - interval '1 day'
     )
     select r.person_id, p.name, sum(r.total)::int as total, min(r.first_at) as since,
       max(r.until) filter (where r.until > now()) as locked_until, (
         select json_agg(json_build_object('network', network, 'failures', failures) order by failures desc, network)
         from (
           select key as network, sum(value::int) as failures from recent q, jsonb_each_text(q.networks)
           where q.person_id = r.person_id group by key order by 2 desc, 1 limit ${networksMax}
         ) counted
       ) as networks
     from recent r join people p on p.id = r.person_id
     group by r.person_id, p.name having sum(r.total) >= ${freeFactorFailures} order by r.person_id`,
  );
  return rows.map((row) => ({
    personId: row.person_id,
    name: row.name,
    failures: row.total,
    since: row.since,
    lockedUntil: row.locked_until,
    networks: row.networks,
  }));
}

/** The queries of `store.secondFactors`. */
export const secondFactors = (db: Pool) =>
  bindQueries(db, {
    storePending: storePendingFactor,
    readPending: readPendingFactor,
    confirm: confirmFactor,
    remove: removeFactor,
    useStep: useTotpStep,
    takeTry: takeFactorTry,
    passTry: passFactorTry,
  });
