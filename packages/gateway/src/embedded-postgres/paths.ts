import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * The files of the embedded server. `home` is one folder in the data folder, owned by the user that PostgreSQL runs
 * as, so that this user cannot read the gateway's own files (the master key, the journal).
 */
export interface EmbeddedPaths {
  readonly home: string;
  readonly cluster: string;
  readonly logs: string;
  readonly startLog: string;
  readonly holder: string;
  readonly socketFolder: string;
}

/** A socket address has at most 108 bytes on Linux and 104 on macOS, including the final zero. */
const socketPathBytesMax = 100;

/** The port only names the socket file; nothing listens on TCP. */
export const socketPort = 5432;

export function socketFileIn(folder: string): string {
  return join(folder, `.s.PGSQL.${socketPort}`);
}

/** `dataDir` must be absolute. `shortTemp` is for a socket whose path in the data folder would be too long. */
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
