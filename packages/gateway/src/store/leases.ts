import type { Pool } from 'pg';

/** Acquires or renews a named lease. False while another living process holds it. */
export async function acquireLease(db: Pool, name: string, epoch: number, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'acquire-lease',
    text: `
insert into leases (name, epoch, until) values ($1, $2, now() + $3 * interval '1 ms')
on conflict (name) do update set epoch = excluded.epoch, until = excluded.until
where leases.epoch = excluded.epoch or leases.until < now()
  or not exists (select 1 from processes p where p.epoch = leases.epoch)`,
    values: [name, epoch, leaseMs],
  });
  return rowCount === 1;
}

export async function releaseLease(db: Pool, name: string, epoch: number): Promise<void> {
  await db.query('delete from leases where name = $1 and epoch = $2', [name, epoch]);
}

/** The queries of `store.leases`. */
export const leases = (db: Pool, epoch: number) => ({
  acquire: (name: string, leaseMs: number) => acquireLease(db, name, epoch, leaseMs),
  release: (name: string) => releaseLease(db, name, epoch),
});
