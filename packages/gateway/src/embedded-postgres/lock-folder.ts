import type pg from 'pg';

/**
 * The advisory lock that allows one gateway per data folder. A session of the server itself has it, so it is released
 * when the process ends in any way, and it works across containers that share the folder.
 */
const lockKey = 0x63_68_61_74;

/** Takes the lock. If another gateway has it, returns a description of that gateway. */
export async function lockFolder(client: pg.Client): Promise<{ readonly heldBy: string } | undefined> {
  const taken = await client.query('select pg_try_advisory_lock($1) as taken', [lockKey]);
  if (taken.rows[0]?.taken === true) {
    return undefined;
  }
  const holder = await client.query(
    `select a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.granted`,
    [lockKey],
  );
  const [, pid, host] = String(holder.rows[0]?.application_name ?? '').split(' ');
  return {
    heldBy: pid === undefined ? 'another gateway' : `the gateway with process id ${pid} on ${host ?? 'this host'}`,
  };
}
