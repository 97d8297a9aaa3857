import { type PortDecorator, startGateway } from '../compose/start-gateway.ts';
import { readConfig } from '../config/read-config.ts';
import { inDataFolder } from '../data-folder/data-folder.ts';
import { sayWhy } from '../errors/start-error.ts';
import { createLog } from '../observe/log.ts';
import { loadAdminToken } from '../secrets/admin-token.ts';
import { loadMasterKeys, masterKeySource } from '../secrets/master-key.ts';
import { openDatabase } from './open-database.ts';
import { systemClock, systemRandom } from './system-clock.ts';

/**
 * The process from its environment to its end: configuration, signals, database, gateway. Ends the process itself, also where
 * it cannot start. `decorate` is for tests that stand between the engine and its ports; the product gives none.
 */
export function runGateway(env: Readonly<Record<string, string | undefined>>, decorate?: PortDecorator): void {
  start(env, decorate).catch(fail);
}

async function start(env: Readonly<Record<string, string | undefined>>, decorate?: PortDecorator): Promise<void> {
  const config = readConfig(env);
  const log = createLog(config.logLevel);
  // Node would print every field of the error, and an address among them may hold a bot's token.
  process.on('uncaughtException', (err) => {
    log.error('process.crashed', { err });
    process.exit(1);
  });
  // A signal during the start is heeded as soon as there is something whole to stop.
  let exitCode: number | null = null;
  let stop: (() => Promise<void>) | null = null;
  const finish = (): void => {
    if (exitCode === null || !stop) return;
    log.info('gateway.stopping');
    stop().then(
      () => process.exit(exitCode),
      (err: unknown) => {
        log.error('gateway.stop_failed', { err });
        process.exit(1);
      },
    );
  };
  const end = (code: number): void => {
    if (exitCode !== null) return;
    exitCode = code;
    finish();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // A second signal ends the process at once; the next start recovers.
      process.once(signal, () => process.exit(1));
      end(0);
    });
  }

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
      end(1);
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
    ...(decorate === undefined ? {} : { decorate }),
  }).catch(async (cause: unknown) => {
    // Our own PostgreSQL would outlive this process.
    await database.close();
    throw cause;
  });
  stop = async () => {
    await gateway.close();
    await database.close();
  };
  log.info('gateway.ready', {
    address: gateway.address,
    role: config.role,
    publicUrl: config.publicUrl,
    adminTokenIn: admin.file,
  });
  finish();
}

function fail(cause: unknown): void {
  process.stderr.write(`chatferry could not start.\n${sayWhy(cause)}\n`);
  process.exit(1);
}
