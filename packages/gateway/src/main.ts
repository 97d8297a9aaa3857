#!/usr/bin/env node
import { loadConfig } from './config.ts';
import { startGateway } from './gateway.ts';
import { createLog } from './observe/log.ts';
import { openDatabase } from './open-database.ts';
import { loadAdminToken } from './store/admin-token.ts';
import { loadMasterKey } from './store/master-key.ts';
import { StartError } from './store/start-error.ts';
import { systemClock, systemRandom } from './system-clock.ts';

async function main(): Promise<void> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok)
    throw new StartError(
      `The configuration has ${loaded.problems.length} problem(s):\n${loaded.problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  const { config } = loaded;
  const log = createLog(config.logLevel);
  const masterKey = await loadMasterKey({
    ...(config.masterKey === null ? {} : { given: config.masterKey.reveal() }),
    dataDir: config.dataDir,
  });
  const admin = await loadAdminToken(config.adminToken, config.dataDir, systemRandom);
  const database = await openDatabase({ config, log, clock: systemClock, onLost: (cause) => end(1, cause) });
  const gateway = await startGateway({
    config,
    pool: database.pool,
    alone: database.alone,
    masterKey,
    adminToken: admin.token,
    clock: systemClock,
    random: systemRandom,
    log,
  }).catch(async (cause: unknown) => {
    // Our own PostgreSQL would outlive this process.
    await database.close();
    throw cause;
  });
  log.info('gateway.ready', {
    address: gateway.address,
    role: config.role,
    publicUrl: config.publicUrl,
    adminTokenIn: admin.file,
  });

  let ending = false;
  function end(exitCode: number, cause?: unknown): void {
    if (ending) return;
    ending = true;
    if (cause !== undefined) log.error('gateway.lost_its_database', { err: cause });
    log.info('gateway.stopping');
    gateway
      .close()
      .then(() => database.close())
      .then(() => process.exit(exitCode))
      .catch((err: unknown) => {
        log.error('gateway.stop_failed', { err });
        process.exit(1);
      });
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // A second signal ends the process at once; the next start recovers.
      process.once(signal, () => process.exit(1));
      end(0);
    });
  }
}

main().catch((cause: unknown) => {
  const message =
    cause instanceof StartError
      ? cause.message
      : cause instanceof Error
        ? (cause.stack ?? cause.message)
        : String(cause);
  process.stderr.write(`chatferry could not start.\n${message}\n`);
  process.exit(1);
});
