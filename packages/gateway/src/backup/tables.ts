import type pg from 'pg';

/**
 * Tables that are not backed up: those about running processes or about the database itself, and `resends`, whose
 * rows a trigger inserts with the messages.
 */
const excluded = ['schema_migrations', 'installation', 'processes', 'leases', 'changes', 'resends'];

/** Every table that is backed up, each after the tables that it references. */
export async function listTables(db: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await db.query<{ name: string; needs: readonly string[] }>(
    `select c.relname as name, coalesce((
       select array_agg(distinct r.relname::text) from pg_constraint k join pg_class r on r.oid = k.confrelid
       where k.conrelid = c.oid and k.contype = 'f' and r.oid <> c.oid
     ), '{}') as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all($1)
     order by c.relname`,
    [excluded],
  );
  const sorted: string[] = [];
  let left = rows;
  while (left.length > 0) {
    const ready = left.filter(({ needs }) =>
      needs.every((table) => sorted.includes(table) || excluded.includes(table)),
    );
    if (ready.length === 0) throw new Error(`Tables reference each other: ${left.map(({ name }) => name).join(', ')}`);
    sorted.push(...ready.map(({ name }) => name));
    left = left.filter((row) => !ready.includes(row));
  }
  return sorted;
}

/** The days of every partitioned table. */
export async function listPartitions(db: pg.ClientBase): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows } = await db.query<{ parent: string; days: readonly string[] }>(
    `select p.relname as parent, array_agg(right(c.relname, 8) order by c.relname) as days
     from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid
       join pg_namespace n on n.oid = p.relnamespace
     where n.nspname = current_schema() and p.relkind = 'p' group by p.relname`,
  );
  return Object.fromEntries(rows.map(({ parent, days }) => [parent, days]));
}
