import { chmodSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedPaths } from '@chatferry/gateway/internal/embedded-postgres/paths';
import { readPostmaster, stopHungPostmaster } from '@chatferry/gateway/internal/embedded-postgres/postmaster';
import { inspectProcess, signalProcess } from '@chatferry/gateway/internal/embedded-postgres/process-state';
import { type EmbeddedPostgres, startEmbedded } from '@chatferry/gateway/internal/embedded-postgres/start-embedded';
import type { Clock } from '@chatferry/gateway/internal/ports/clock';
import type { StoreLog } from '@chatferry/gateway/internal/ports/log';

/** The machine's own time, for tests that start real processes. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (delayMs) => {
    await sleep(delayMs);
  },
};

export const silentLog: StoreLog = { info: () => undefined, warn: () => undefined };

const prefix = 'chatferry-test-';

/** An embedded server in a temporary folder that names this process, so that a later run can clean up after a killed one. */
export async function startTemporaryPostgres(): Promise<EmbeddedPostgres> {
  await removeAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  // As root the server runs as another user, who must get through.
  chmodSync(dataDir, 0o711);
  const server = await startEmbedded({ dataDir, log: silentLog, clock: realClock });
  // The last resort, when the process ends without calling stop: the folder stays for the next run to remove.
  const endServer = (): void => {
    signalProcess(server.pid, 'SIGQUIT');
  };
  process.once('exit', endServer);
  return {
    ...server,
    stop: async () => {
      process.off('exit', endServer);
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    const folder = join(tmpdir(), name);
    if (pid > 0 && inspectProcess(pid).kind !== 'alive' && statSync(folder).uid === process.getuid?.()) {
      const { cluster } = embeddedPaths(folder, tmpdir());
      const postmaster = readPostmaster(cluster);
      if (postmaster.kind === 'running') {
        await stopHungPostmaster(cluster, postmaster.pid, realClock);
      }
      await rm(folder, { recursive: true, force: true });
    }
  }
}
