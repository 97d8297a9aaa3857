import type { Pool } from 'pg';
import type { KeyedDigest } from './keyed-digest.ts';

/** What the failures of a caller are counted under. */
export interface FailureCounter {
  readonly name: string;
  /** Failures before the first wait. */
  readonly freeFailures: number;
}

/** An attempt that was counted: what it set at each counter, to be given back if it is no failure. */
export type CountedAttempt = readonly { readonly name: string; readonly until: string }[];

/**
 * Counts an attempt as a failure before it is made. So of any number of attempts at the same moment, in any number of
 * processes, only the allowed ones are made. If the caller has to wait, nothing is counted, and it resolves with the
 * wait in milliseconds.
 *
 * After `freeFailures` failures, each further one doubles the wait, from 10 s to an hour. An hour without a failure
 * resets the count.
 */
export async function takeLoginAttempt(
  db: Pool,
  counters: readonly FailureCounter[],
): Promise<{ readonly counted: CountedAttempt } | { readonly waitMs: number }> {
  const isOver = `f.last_at < now() - interval '1 hour'`;
  const { rows } = await db.query<{ name: string | null; until: string; wait_ms: number | null }>(
    `with waiting as (
       select max(until) as until from login_failures where name = any($1) and until > now()
     ), taken as (
       insert into login_failures as f (name, failures, until)
       select c.name, 1, 'epoch' from unnest($1::text[], $2::int[]) as c(name, free), waiting
       where waiting.until is null order by c.name
       on conflict (name) do update set last_at = now(),
         failures = case when ${isOver} then 1 else f.failures + 1 end,
         until = case when ${isOver} or f.failures + 1 < ${free} then 'epoch'
           else now() + least(3600, 10 * power(2, least(f.failures + 1 - ${free}, 10))) * interval '1 s' end
       where f.until <= now()
       returning name, until
     )
     select t.name, t.until::text, (extract(epoch from w.until - now()) * 1000)::float8 as wait_ms
     from waiting w left join taken t on true`,
    [counters.map(({ name }) => name), counters.map(({ freeFailures }) => freeFailures)],
  );
  const counted = rows.flatMap(({ name, until }) => (name === null ? [] : [{ name, until }]));
  return counted.length === counters.length ? { counted } : { waitMs: rows[0]?.wait_ms ?? raceWaitMs };
}

/** The free failures of the row `f`. */
const free = `(select c.free from unnest($1::text[], $2::int[]) as c(name, free) where c.name = f.name)`;

/** Another attempt reached the limit while this one waited for its row. */
const raceWaitMs = 10_000;

/** The attempt was no failure. A wait that another attempt caused in the meantime stays. */
export async function giveBackLoginAttempt(db: Pool, counted: CountedAttempt): Promise<void> {
  await db.query(
    `update login_failures f set failures = greatest(0, f.failures - 1),
       until = case when f.until = c.until then 'epoch' else f.until end
     from unnest($1::text[], $2::timestamptz[]) as c(name, until) where f.name = c.name`,
    [counted.map(({ name }) => name), counted.map(({ until }) => until)],
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
    take: (counters: readonly FailureCounter[]) =>
      takeLoginAttempt(
        db,
        counters.map((counter) => ({ ...counter, name: keyed(counter.name) })),
      ),
    giveBack: (counted: CountedAttempt) => giveBackLoginAttempt(db, counted),
    forget: (name: string) => forgetLoginFailures(db, keyed(name)),
  };
};
