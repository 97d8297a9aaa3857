import { readConfig } from '../config/read-config.ts';
import { describeFailure, StartError } from '../errors/start-error.ts';
import { createLog } from '../observe/log.ts';
import { prepareDatabase } from './prepare-database.ts';

/**
 * Applies the migrations with the role of CHATFERRY_MIGRATION_DATABASE_URL, so that the gateway itself needs no credential of it.
 * Prints the result or the error, and returns the exit code.
 */
export async function runMigrate(env: Readonly<Record<string, string | undefined>>): Promise<0 | 1> {
  const log = createLog('warn', { write: (line) => void process.stderr.write(line) });
  try {
    const { databaseUrl, migrationDatabaseUrl, connectionsMax } = readConfig(env);
    if (databaseUrl === null)
      throw new StartError(
        'There is no DATABASE_URL. The gateway migrates its embedded PostgreSQL at each start, with a role of its own.',
      );
    const ownerConnection = migrationDatabaseUrl?.reveal() ?? null;
    const applied = await prepareDatabase({ connection: databaseUrl.reveal(), ownerConnection, connectionsMax }, log);
    const rights = ownerConnection === null ? '' : ' The role of DATABASE_URL has the rights that the gateway needs.';
    process.stdout.write(`Applied ${applied.length} migration(s). The schema is up to date.${rights}\n`);
    return 0;
  } catch (cause) {
    process.stderr.write(`The migration failed.\n${describeFailure(cause)}\n`);
    return 1;
  }
}
