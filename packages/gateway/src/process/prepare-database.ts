import type { Pool } from 'pg';
import { StartError } from '../errors/start-error.ts';
import type { Log } from '../observe/log.ts';
import { grantRuntime, migrate } from '../store/database/migrate.ts';
import { type Connection, checkServer, createPool } from '../store/database/pool.ts';
import { refuseTransactionPooler } from '../store/database/refuse-transaction-pooler.ts';
import { installation } from '../store/installation.ts';

/** How the database is reached. */
export interface DatabaseAddresses {
  /** With the role of the running gateway. */
  readonly connection: Connection;
  /** With the role that owns the tables; null if there is no other role. */
  readonly ownerConnection: Connection | null;
  readonly connectionsMax: number;
}

/**
 * Checks the server, brings the schema up to date as the owner, and gives the role of the running gateway its rights. Resolves with
 * the numbers of the applied migrations. Uses pools without a time limit, because a migration may take longer than a statement of
 * the running gateway.
 */
export async function prepareDatabase(
  { connection, ownerConnection, connectionsMax }: DatabaseAddresses,
  log: Log,
): Promise<readonly number[]> {
  return withPool(connection, { log, connectionsMax }, async (pool) => {
    await checkServer(pool);
    // The embedded server, whose connection is no address, has no pooler.
    if (typeof connection === 'string') await refuseTransactionPooler(pool);
    if (ownerConnection === null) return migrate(pool, { log: log.pino });
    return withPool(ownerConnection, { log, connectionsMax: 2 }, async (ownerPool) => {
      await checkServer(ownerPool);
      const applied = await migrate(ownerPool, { log: log.pino });
      const [runtime, owner] = [await readRole(pool), await readRole(ownerPool)];
      if (runtime === owner) return applied;
      await grantRuntime(ownerPool, runtime);
      await assertSameDatabase(pool, ownerPool);
      return applied;
    });
  });
}

async function withPool<T>(
  connection: Connection,
  { log, connectionsMax }: { readonly log: Log; readonly connectionsMax: number },
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = createPool({ connection, log: log.pino, connectionsMax });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function readRole(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ role: string }>('select current_user as role');
  return rows[0]?.role ?? '';
}

async function assertSameDatabase(pool: Pool, ownerPool: Pool): Promise<void> {
  const { rows } = await pool.query<{ exists: boolean }>(`select to_regclass('installation') is not null as exists`);
  const isSame =
    rows[0]?.exists === true && (await installation(pool).readId()) === (await installation(ownerPool).readId());
  if (isSame) return;
  throw new StartError(
    'DATABASE_URL and CHATFERRY_MIGRATION_DATABASE_URL lead to different databases. They must name the same database and ' +
      'schema, with two roles.',
  );
}
