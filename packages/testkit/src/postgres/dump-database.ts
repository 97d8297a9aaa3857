import type pg from 'pg';

/** Every row of every table as one line of text: the table, and each column as it reads. */
export async function dumpDatabase(pool: pg.Pool): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ name: string; columns: string[] }>(
    `select t.table_name as name, array_agg(case when data_type = 'bytea' then format('encode(%I, ''escape'')', column_name)
       else format('%I::text', column_name) end) as columns
     from information_schema.tables t join information_schema.columns c using (table_schema, table_name)
     where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and not exists (
       select 1 from pg_inherits where inhparent = format('%I', t.table_name)::regclass)
     group by t.table_name`,
  );
  const lines: string[] = [];
  for (const { name, columns } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `select concat_ws(' | ', ${columns.join(', ')}) as row from ${name}`,
    );
    lines.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return lines;
}
