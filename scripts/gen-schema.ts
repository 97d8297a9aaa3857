import { writeFile } from 'node:fs/promises';
import { migrate } from '../packages/gateway/src/store/migrate.ts';
import { createPool } from '../packages/gateway/src/store/pool.ts';
import { schemaSnapshot } from '../packages/gateway/src/store/schema-snapshot.ts';
import { silentLog, startTemporaryPostgres } from '../packages/gateway/src/testing/temporary-postgres.ts';

/** `npm run gen:schema` writes store/schema.sql from the migrations. */
const server = await startTemporaryPostgres();
try {
  const pool = createPool({ connection: server.connection, log: silentLog });
  await migrate(pool, { log: silentLog });
  const target = new URL('../packages/gateway/src/store/schema.sql', import.meta.url);
  await writeFile(target, await schemaSnapshot(pool));
  await pool.end();
} finally {
  await server.stop();
}
