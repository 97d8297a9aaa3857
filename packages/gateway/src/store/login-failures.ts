import type { Pool } from 'pg';
import type { KeyedDigest } from './keyed-digest.ts';

/** The time until another try is allowed; 0 if it is allowed now. */
export async function readLoginWaitMs(db: Pool, names: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ wait_ms: number | null }>(
    `select greatest(0, extract(epoch from max(until) - now()) * 1000)::float8 as wait_ms
     from login_failures where name = any($1)`,
    [names],
  );
  return rows[0]?.wait_ms ?? 0;
}

/**
 * After `freeFailures` failures, each further one doubles the wait, from 10 s to an hour. An hour without a failure
 * resets the count.
 */
export async function recordLoginFailure(db: Pool, name: string, freeFailures: number): Promise<void> {
  await db.query(
    `insert into login_failures as f (name, failures, until) values ($1, 1, now())
     on conflict (name) do update set last_at = now(),
       failures = case when f.last_at < now() - interval '1 hour' then 1 else f.failures + 1 end,
       until = case when f.last_at < now() - interval '1 hour' or f.failures + 1 < $2 then now()
         else now() + least(3600, 10 * power(2, least(f.failures + 1 - $2, 10))) * interval '1 s' end`,
    [name, freeFailures],
  );
}

export async function forgetLoginFailures(db: Pool, name: string): Promise<void> {
  await db.query(`delete from login_failures where name = $1 or last_at < now() - interval '1 day'`, [name]);
}

/**
 * The queries of `store.loginFailures`. Names are stored as keyed digests: they contain addresses and e-mail addresses, and people
 * sometimes type their password into the e-mail field.
 */
export const loginFailures = (db: Pool, digestOf: KeyedDigest) => {
  const keyed = (name: string) => digestOf(`login failures ${name}`).toString('base64url');
  return {
    waitMs: (names: readonly string[]) => readLoginWaitMs(db, names.map(keyed)),
    record: (name: string, freeFailures: number) => recordLoginFailure(db, keyed(name), freeFailures),
    forget: (name: string) => forgetLoginFailures(db, keyed(name)),
  };
};
