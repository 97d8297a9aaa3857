import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * Where the embedded server keeps its things. `home` is one folder inside the data folder, owned by the user that PostgreSQL
 * runs as, so that the gateway's own files (the master key, the journal) stay out of that user's reach.
 */
export interface EmbeddedPaths {
  readonly home: string;
  readonly cluster: string;
  readonly logs: string;
  readonly startLog: string;
  readonly holder: string;
  readonly socketFolder: string;
}

/** Linux holds 108 bytes in a socket address, macOS 104, each with a closing zero. */
const socketPathBytesMax = 100;

/** The port only names the socket file; nothing listens on TCP. */
export const socketPort = 5432;

export function socketFileIn(folder: string): string {
  return join(folder, `.s.PGSQL.${socketPort}`);
}

/** `dataDir` absolute; `shortTemp` is where a socket goes whose path inside the data folder would be too long. */
export function embeddedPaths(dataDir: string, shortTemp: string): EmbeddedPaths {
  const home = join(dataDir, 'postgres');
  const inside = join(home, 'run');
  const fits = Buffer.byteLength(socketFileIn(inside)) <= socketPathBytesMax;
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return {
    home,
    cluster: join(home, 'data'),
    logs: join(home, 'log'),
    startLog: join(home, 'log', 'start.log'),
    holder: join(home, 'gateway.pid'),
    socketFolder: fits ? inside : join(shortTemp, `chatferry-${digest}`),
  };
}
