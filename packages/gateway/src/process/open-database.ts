import type { Pool } from 'pg';
import type { Config } from '../config/config.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { startEmbedded } from '../embedded-postgres/start-embedded.ts';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../ports/clock.ts';
import { createPool } from '../store/database/pool.ts';
import { prepareDatabase } from './prepare-database.ts';

/** A server that disappeared silently must not block sends for ever. No statement of the gateway takes this long. */
const statementLimitMs = 15_000;

export interface OpenDatabase {
  readonly pool: Pool;
  /** Whether only this process can use the database: an embedded server belongs to one gateway. */
  readonly alone: boolean;
  close(): Promise<void>;
}

/**
 * Opens the given PostgreSQL or starts the embedded one, checks that it is durable, and brings the schema up to date.
 */
export async function openDatabase(options: {
  readonly config: Pick<Config, 'databaseUrl' | 'migrationDatabaseUrl' | 'dataDir' | 'connectionsMax'>;
  readonly log: Log;
  readonly clock: Clock;
  readonly onLost: (cause: Error) => void;
}): Promise<OpenDatabase> {
  const { config, log, clock, onLost } = options;
  const embedded =
    config.databaseUrl === null
      ? await inDataFolder(config.dataDir, () =>
          startEmbedded({ dataDir: config.dataDir, log: log.pino, clock, onLost }),
        )
      : null;
  const connection = embedded?.connection ?? config.databaseUrl?.reveal() ?? '';
  const ownerConnection = embedded?.ownerConnection ?? config.migrationDatabaseUrl?.reveal() ?? null;
  try {
    await prepareDatabase({ connection, ownerConnection, connectionsMax: config.connectionsMax }, log);
  } catch (cause) {
    await embedded?.stop();
    throw cause;
  }
  const pool = createPool({ connection, log: log.pino, connectionsMax: config.connectionsMax, statementLimitMs });
  const close = async () => {
    await pool.end();
    await embedded?.stop();
  };
  return { pool, alone: embedded !== null, close };
}
