import { realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkBackup, restoreBackup } from '../backup/restore-backup.ts';
import { writeBackup } from '../backup/write-backup.ts';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { openAuditHeads } from '../data-folder/audit-heads.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { ensurePassableFolder } from '../data-folder/passable-folder.ts';
import { appName } from '../embedded-postgres/ensure-app-database.ts';
import { embeddedPaths, socketFileIn, socketPort } from '../embedded-postgres/paths.ts';
import { startEmbedded } from '../embedded-postgres/start-embedded.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { describeFailure, StartError } from '../errors/start-error.ts';
import { createLog, type Log } from '../observe/log.ts';
import { loadMasterKeys, masterKeyFile, masterKeySource } from '../secrets/master-key.ts';
import { type Connection, checkServer, createPool } from '../store/database/pool.ts';
import { refuseTransactionPooler } from '../store/database/refuse-transaction-pooler.ts';
import { prepareDatabase } from './prepare-database.ts';
import { systemClock } from './system-clock.ts';

/** Runs the command, prints its report or its error, and returns the exit code. */
export async function runBackupCommand(
  { kind, file }: { readonly kind: 'backup' | 'restore'; readonly file: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<0 | 1> {
  // The output is a report for a person, so only warnings and errors of the log are printed.
  const log = createLog('warn', { write: (line) => void process.stderr.write(line) });
  try {
    const config = readConfig(env);
    const report = kind === 'backup' ? runBackup : runRestore;
    process.stdout.write(await report({ config, file, log }));
    return 0;
  } catch (cause) {
    process.stderr.write(`The ${kind} failed.\n${describeFailure(cause)}\n`);
    return 1;
  }
}

interface Task {
  readonly config: Config;
  readonly file: string;
  readonly log: Log;
}

/** Writes a backup. The report names the master key, which a restore needs too. */
async function runBackup({ config, file, log }: Task): Promise<string> {
  const path = resolve(file);
  const running = config.databaseUrl === null ? await findRunning(config.dataDir) : null;
  const hasDatabase =
    config.databaseUrl !== null || running !== null || (await exists(join(config.dataDir, 'postgres')));
  if (!hasDatabase)
    throw new StartError(
      `There is no database in ${resolve(config.dataDir)}. Set CHATFERRY_DATA_DIR or DATABASE_URL as for the gateway.`,
    );
  const { rows } = await withDatabase({ config, log }, running, (connection) =>
    withPool(connection, log, (pool) => writeBackup(pool, path, systemClock.nowMs())),
  );
  const key = config.masterKey === null ? masterKeyFile(resolve(config.dataDir)) : 'your CHATFERRY_MASTER_KEY';
  return `Backed up ${rows} rows to ${path}.
The file contains the bots' tokens and the inboxes' credentials, sealed with the master key. Without that key they are
useless, for you too. Store ${key} in another safe place. A restore needs both.
`;
}

/** Restores a backup. The report lists what a person must check. */
async function runRestore({ config, file, log }: Task): Promise<string> {
  const path = resolve(file);
  const header = await checkBackup(path, await findMasterKeyIds(config));
  if (config.databaseUrl === null && (await findRunning(config.dataDir)) !== null)
    throw new StartError(
      `A gateway, or its database, runs on ${resolve(config.dataDir)}. Name a new data folder in CHATFERRY_DATA_DIR.`,
    );
  const restored = await withDatabase({ config, log }, null, (connection) =>
    // Only the owner of the tables can make them.
    withPool(config.migrationDatabaseUrl?.reveal() ?? connection, log, (pool) =>
      restoreBackup(pool, path, { header, log: log.pino }),
    ),
  );
  await giveRights(config, log);
  await inDataFolder(config.dataDir, async () => {
    ensurePassableFolder(config.dataDir);
    await openAuditHeads(config.dataDir).noteRestore(systemClock.nowMs());
  });
  return `Restored ${restored.rows} rows, as of ${restored.madeAt}. Nothing is sent automatically:
- ${restored.unknown} messages that had no final state at that time are unknown.
- ${restored.deadLetters} jobs that were queued at that time are dead letters. Replay or discard them once you know what
  happened after the backup.
- The inboxes are not searched for replies that agents wrote before now. Replies that customers did not receive must be
  written again.
Start the gateway with the same settings. Make sure that the old gateway never runs again: both would use the same bots.
`;
}

/** Gives the role of the running gateway its rights on the restored tables, so that it starts without the owner's credential. */
async function giveRights({ databaseUrl, migrationDatabaseUrl, connectionsMax }: Config, log: Log): Promise<void> {
  if (databaseUrl === null || migrationDatabaseUrl === null) return;
  const addresses = { connection: databaseUrl.reveal(), ownerConnection: migrationDatabaseUrl.reveal() };
  await prepareDatabase({ ...addresses, connectionsMax }, log);
}

/** The ids of the master keys on this machine. Does not create a key. */
async function findMasterKeyIds(config: Config): Promise<readonly string[]> {
  const { masterKey, dataDir } = config;
  if (masterKey === null && !(await exists(masterKeyFile(dataDir)))) return [];
  const { primary, others } = await inDataFolder(dataDir, () => loadMasterKeys(masterKeySource(config)));
  return [primary, ...others].map(({ id }) => id);
}

/** Finds the embedded server of a running gateway, or one that survived its gateway. Null if there is none. */
async function findRunning(dataDir: string): Promise<Connection | null> {
  if (!(await exists(dataDir))) return null;
  const { socketFolder } = embeddedPaths(await realpath(dataDir), tmpdir());
  if (!(await exists(socketFileIn(socketFolder)))) return null;
  const connection = { host: socketFolder, port: socketPort, user: appName, database: appName };
  const pool = createPool({ connection, log: { info: () => undefined, warn: () => undefined }, connectionsMax: 1 });
  try {
    await pool.query('select 1');
    return connection;
  } catch (cause) {
    // The socket file of a server that has ended.
    if (isErrorCode(cause, 'ECONNREFUSED', 'ENOENT')) return null;
    throw cause;
  } finally {
    await pool.end();
  }
}

async function withDatabase<T>(
  { config, log }: Pick<Task, 'config' | 'log'>,
  running: Connection | null,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl !== null) return work(config.databaseUrl.reveal());
  if (running !== null) return work(running);
  const { dataDir } = config;
  const embedded = await inDataFolder(dataDir, () => startEmbedded({ dataDir, log: log.pino, clock: systemClock }));
  try {
    // In the data folder of an earlier version, the gateway's own role has no rights before the first start of this one.
    return await work(embedded.ownerConnection);
  } finally {
    await embedded.stop();
  }
}

async function withPool<T>(
  connection: Connection,
  log: Log,
  work: (pool: ReturnType<typeof createPool>) => Promise<T>,
): Promise<T> {
  const pool = createPool({ connection, log: log.pino, applicationName: 'chatferry backup', connectionsMax: 2 });
  try {
    await checkServer(pool);
    // A backup through such a pooler would be empty: row-level security would show it nothing.
    await refuseTransactionPooler(pool);
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT', 'ENOTDIR')) return false;
    throw cause;
  }
}
