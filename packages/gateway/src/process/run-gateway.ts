import { type PortDecorator, startGateway } from '../compose/start-gateway.ts';
import { readConfig } from '../config/read-config.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { inHandMax, reservedForReplies } from '../engine/lanes/take-lanes.ts';
import { describeFailure } from '../errors/start-error.ts';
import { createLog } from '../observe/log.ts';
import { loadAdminToken } from '../secrets/admin-token.ts';
import { loadMasterKeys, masterKeySource } from '../secrets/master-key.ts';
import { openDatabase } from './open-database.ts';
import { createShutdown, endOnSignals } from './shutdown.ts';
import { systemClock, systemRandom } from './system-clock.ts';
import { startWatchdog } from './watchdog.ts';

/**
 * Runs the gateway from the environment to the end of the process: configuration, signals, database, gateway. It also
 * ends the process if the gateway cannot start. `decorate` is for tests that need a layer between the engine and its
 * ports.
 */
export function runGateway(env: Readonly<Record<string, string | undefined>>, decorate?: PortDecorator): void {
  start(env, decorate).catch((cause: unknown) => {
    process.stderr.write(`chatferry could not start.\n${describeFailure(cause)}\n`);
    process.exit(1);
  });
}

const userOfItsOwn =
  'An attacker who takes over this process has the whole machine. Run the gateway as a user of its own: docs/operations.md, “A user of its own”.';

async function start(env: Readonly<Record<string, string | undefined>>, decorate?: PortDecorator): Promise<void> {
  const config = readConfig(env);
  const log = createLog(config.logLevel);
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
    ...(decorate === undefined ? {} : { decorate }),
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
