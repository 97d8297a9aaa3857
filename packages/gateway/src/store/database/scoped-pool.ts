import type pg from 'pg';

/**
 * A pool whose statements see and write the rows of the given workspaces only, by row-level security. Each statement
 * runs in a transaction of its own, so that the connection returns to the pool unchanged. It does not restrict a
 * superuser.
 */
export function scopedPool(pool: pg.Pool, workspaces: readonly string[]): pg.Pool {
  const scope = workspaces.join(',');
  const query = async (...statement: Parameters<pg.Pool['query']>): Promise<unknown> => {
    const client = await pool.connect();
    let broken = true;
    try {
      await client.query('begin');
      await client.query(`select set_config('chatferry.workspaces', $1, true)`, [scope]);
      const result: unknown = await client.query(...statement);
      await client.query('commit');
      broken = false;
      return result;
    } catch (cause) {
      await client.query('rollback').then(
        () => {
          broken = false;
        },
        () => undefined,
      );
      throw cause;
    } finally {
      client.release(broken);
    }
  };
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'query') return query;
      if (name === 'connect') throw new TypeError('A scoped pool does not give out connections.');
      return Reflect.get(target, name);
    },
  });
}

/** Whether row-level security applies to the role with which the gateway connects. */
export async function isBoundByPolicies(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ bound: boolean }>(
    'select not (rolsuper or rolbypassrls) as bound from pg_roles where rolname = current_user',
  );
  return rows[0]?.bound === true;
}
