import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** How often a process gives a sign of life. */
export const signOfLifeMs = 3_000;
/** How far in the future a sign of life is dated. */
const aliveMs = 9_000;

/**
 * Registers this process and returns its epoch. `alone`: the database is embedded, so no other process can be alive.
 */
export async function registerProcess(db: Pool, alone: boolean): Promise<number> {
  if (alone) {
    await db.query('delete from processes');
    // Otherwise the lanes of a killed process would wait until their leases expire.
    await db.query('update lanes set lease = null, run_at = now() where lease is not null');
  }
  const { rows } = await db.query<{ epoch: number }>(
    `insert into processes (alive_until) values (now() + $1 * interval '1 ms') returning epoch`,
    [aliveMs],
  );
  const epoch = rows[0]?.epoch;
  if (epoch === undefined) throw new Error('The registered process has no epoch.');
  return epoch;
}

/** Also registers a living process again that was removed as dead. */
export async function recordSignOfLife(db: Pool, epoch: number): Promise<void> {
  await db.query({
    name: 'record-sign-of-life',
    text: `
insert into processes (epoch, alive_until) values ($1, clock_timestamp() + $2 * interval '1 ms')
on conflict (epoch) do update set alive_until = excluded.alive_until`,
    values: [epoch, aliveMs],
  });
}

/** The last sign of life of a process. Each sign has another mark; the mark has no other meaning. */
export interface SignOfLife {
  readonly epoch: number;
  readonly mark: string;
}

export async function readSignsOfLife(db: Pool): Promise<readonly SignOfLife[]> {
  const { rows } = await db.query<{ epoch: number; mark: string }>({
    name: 'read-signs-of-life',
    text: 'select epoch, extract(epoch from alive_until)::text as mark from processes',
  });
  return rows;
}

/**
 * Removes the processes that have given no newer sign of life than the given one, and makes their lanes due. After
 * that their flights can be recovered. Returns the epochs that were removed.
 */
export async function removeDeadProcesses(db: Pool, dead: readonly SignOfLife[]): Promise<readonly number[]> {
  const { rows } = await db.query<{ epoch: number }>({
    name: 'remove-dead-processes',
    text: `
with dead as (
  delete from processes p using unnest($1::bigint[], $2::text[]) as d(epoch, mark)
  where p.epoch = d.epoch and extract(epoch from p.alive_until)::text = d.mark
  returning p.epoch
), released as (
  update lanes l set lease = null, run_at = now() from dead d where l.epoch = d.epoch and l.lease is not null
)
select epoch from dead`,
    values: [dead.map(({ epoch }) => epoch), dead.map(({ mark }) => mark)],
  });
  return rows.map(({ epoch }) => epoch);
}

export async function unregisterProcess(db: Pool, epoch: number): Promise<void> {
  await db.query('delete from processes where epoch = $1', [epoch]);
}

/** The queries of `store.processes`. */
export const processes = (db: Pool, epoch: number) => ({
  ...bindQueries(db, { listSignsOfLife: readSignsOfLife, removeDead: removeDeadProcesses }),
  recordSignOfLife: () => recordSignOfLife(db, epoch),
});
