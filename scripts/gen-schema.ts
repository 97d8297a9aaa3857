import { writeFile } from 'node:fs/promises';
import { migrate } from '@chatferry/gateway/internal/store/database/migrate';
import { createPool } from '@chatferry/gateway/internal/store/database/pool';
import { schemaSnapshot } from '@chatferry/gateway/internal/store/database/schema-snapshot';
import { silentLog, startTemporaryPostgres } from '@chatferry/testkit/postgres/temporary-postgres';

/** `npm run gen:schema` writes store/schema.sql from the migrations. */
const server = await startTemporaryPostgres();
try {
  const pool = createPool({ connection: server.ownerConnection, log: silentLog });
  await migrate(pool, { log: silentLog });
  const target = new URL('../packages/gateway/src/store/schema.sql', import.meta.url);
  await writeFile(target, await schemaSnapshot(pool));
  await pool.end();
} finally {
  await server.stop();
}
