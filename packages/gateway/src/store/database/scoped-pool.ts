import type pg from 'pg';

/**
 * The database as whoever works for these workspaces sees it: row-level security shows their rows and no others, and
 * lets none be written for another. Each statement runs in a transaction of its own, so that the connection goes back
 * as it came. Does not bind a role that is a superuser.
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
      if (name === 'connect') throw new TypeError('a scoped pool gives no connection of its own');
      return Reflect.get(target, name);
    },
  });
}

/** Whether row-level security binds the role that the gateway connects as. */
export async function isBoundByPolicies(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ bound: boolean }>(
    'select not (rolsuper or rolbypassrls) as bound from pg_roles where rolname = current_user',
  );
  return rows[0]?.bound === true;
}
