import { type PortDecorator, startGateway } from '../compose/start-gateway.ts';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { inHandMax, reservedForReplies } from '../engine/lanes/take-lanes.ts';
import { describeFailure } from '../errors/start-error.ts';
import { createLog, type Log } from '../observe/log.ts';
import { createPersonLog } from '../observe/person-log.ts';
import { loadAdminToken } from '../secrets/admin-token.ts';
import { loadMasterKeys, masterKeySource } from '../secrets/master-key.ts';
import { openDatabase } from './open-database.ts';
import { createShutdown, endOnSignals } from './shutdown.ts';
import { systemClock, systemRandom } from './system-clock.ts';
import { startWatchdog } from './watchdog.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface RunOptions {
  /** Who reads standard output. Absent: a program, which gets the log as JSON. */
  readonly reader?: 'person' | 'program';
  /** For tests that need a layer between the engine and its ports. */
  readonly decorate?: PortDecorator;
}

/**
 * Runs the gateway from the environment to the end of the process: configuration, signals, database, gateway. It also
 * ends the process if the gateway cannot start.
 */
export function runGateway(env: Environment, options: RunOptions = {}): void {
  start(env, options).catch((cause: unknown) => {
    process.stderr.write(`chatferry could not start.\n${describeFailure(cause)}\n`);
    process.exit(1);
  });
}

const userOfItsOwn =
  'An attacker who takes over this process has the whole machine. Run the gateway as a user of its own: docs/operations.md, “A user of its own”.';

function openLog(config: Pick<Config, 'logLevel'>, env: Environment, { reader }: RunOptions): Log {
  if (reader !== 'person') return createLog(config.logLevel);
  const isWhole = (env['CHATFERRY_LOG_LEVEL'] ?? '') !== '';
  return createLog(config.logLevel, createPersonLog({ isWhole, write: (text) => void process.stdout.write(text) }));
}

async function start(env: Environment, options: RunOptions): Promise<void> {
  const config = readConfig(env);
  const log = openLog(config, env, options);
  const shutdown = createShutdown(log);
  endOnSignals(log, shutdown);
  // PostgreSQL gets another user. The gateway itself cannot change its user: it may have been installed where only root
  // can read, and the files of earlier starts belong to root.
  if (process.getuid?.() === 0) log.warn('process.runs_as_root', { next: userOfItsOwn });

  const { dataDir } = config;
  const { masterKeys, admin } = await inDataFolder(dataDir, async () => ({
    masterKeys: await loadMasterKeys(masterKeySource(config)),
    admin: await loadAdminToken(config.adminToken, dataDir, systemRandom),
  }));
  const database = await openDatabase({
    config,
    log,
    clock: systemClock,
    onLost: (err) => {
      log.error('gateway.lost_its_database', { err });
      shutdown.end(1);
    },
  });
  const gateway = await startGateway({
    config,
    pool: database.pool,
    alone: database.alone,
    masterKeys,
    adminToken: admin.token,
    clock: systemClock,
    random: systemRandom,
    log,
    jobBoard: startWatchdog({
      limitMs: config.hangLimitSeconds * 1_000,
      jobsMax: inHandMax + reservedForReplies,
      clock: systemClock,
      log,
    }),
    ...(options.decorate === undefined ? {} : { decorate: options.decorate }),
  }).catch(async (cause: unknown) => {
    // An embedded PostgreSQL would survive this process.
    await database.close();
    throw cause;
  });
  log.info('gateway.ready', {
    address: gateway.address,
    role: config.role,
    publicUrl: config.publicUrl,
    adminTokenIn: admin.file,
  });
  shutdown.ready(async () => {
    await gateway.close();
    await database.close();
  });
}
