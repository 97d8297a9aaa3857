import type { Pool } from 'pg';

/** How long a process counts as alive after its last sign of life, by the database's clock. */
export const aliveMs = 9_000;
/** How often a process gives a sign of life. */
export const signOfLifeMs = 3_000;

/** Registers this process and returns its epoch. `alone` says that no other can be alive: the embedded database is ours. */
export async function registerProcess(db: Pool, alone: boolean): Promise<number> {
  if (alone) {
    await db.query('delete from processes');
    // What a killed process had in hand would otherwise wait for the end of its lease.
    await db.query('update lanes set lease = null, run_at = now() where lease is not null');
  }
  const { rows } = await db.query<{ epoch: number }>(
    `insert into processes (alive_until) values (now() + $1 * interval '1 ms') returning epoch`,
    [aliveMs],
  );
  const epoch = rows[0]?.epoch;
  if (epoch === undefined) throw new Error('a process was registered without an epoch');
  return epoch;
}

export async function giveSignOfLife(db: Pool, epoch: number): Promise<void> {
  await db.query({
    name: 'give-sign-of-life',
    text: `
with gone as (delete from processes where alive_until < now() - interval '1 day')
insert into processes (epoch, alive_until) values ($1, now() + $2 * interval '1 ms')
on conflict (epoch) do update set alive_until = excluded.alive_until`,
    values: [epoch, aliveMs],
  });
}

export async function unregisterProcess(db: Pool, epoch: number): Promise<void> {
  await db.query('delete from processes where epoch = $1', [epoch]);
}
