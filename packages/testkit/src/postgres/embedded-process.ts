import { argv, stdout } from 'node:process';
import { startEmbedded } from '@chatferry/gateway/internal/embedded-postgres/start-embedded';
import { realClock, silentLog } from './temporary-postgres.ts';

/** A process that a test can kill: holds the embedded server of the given data folder and says so in one line. */
const [, , dataDir = ''] = argv;
try {
  const server = await startEmbedded({ dataDir, log: silentLog, clock: realClock });
  stdout.write(`${JSON.stringify({ kind: 'ready', pid: server.pid, adopted: server.adopted })}\n`);
} catch (error) {
  stdout.write(
    `${JSON.stringify({ kind: 'refused', message: error instanceof Error ? error.message : String(error) })}\n`,
  );
}
