import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { embeddedPaths } from '@chatferry/gateway/internal/embedded-postgres/paths';
import { readPostmaster, stopHungPostmaster } from '@chatferry/gateway/internal/embedded-postgres/postmaster';
import { systemClock } from '@chatferry/gateway/internal/process/system-clock';

const program = fileURLToPath(new URL('../../../packages/testkit/dist/processes/crashing-gateway.js', import.meta.url));
export const adminToken = 'admin-token-of-the-campaign';

/** Where the gateway is to die: at this call of a port, for the `hit`th time. */
export interface Death {
  readonly point: string;
  readonly hit: number;
}

/** The built gateway as a process under a supervisor that starts it again, always on the same port and data folder. */
export interface SupervisedGateway {
  /** Starts it and waits until it is ready; resolves with the time that took, or null where the foreseen death came first. */
  start(death?: Death): Promise<number | null>;
  /** Foresees its death from now on. */
  arm(death: Death): void;
  /** Resolves once it has ended. */
  readonly ended: Promise<unknown>;
  readonly isAlive: boolean;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Of the PostgreSQL in its data folder; throws where there is none. */
  postgresPid(): number;
  /** How to reach that PostgreSQL past the gateway. */
  database(): { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  /** Ends it in order, and its PostgreSQL also where it died without. */
  stop(): Promise<void>;
}

const lineOf = ({ point, hit }: Death): string => `${point} ${hit}`;

export interface SupervisedOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes each point that is reached. */
  readonly pointsPath: string;
}

export function superviseGateway({ dataDir, env, pointsPath }: SupervisedOptions): SupervisedGateway {
  let child: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  // PostgreSQL: line 1 is the process id, line 5 the folder of the socket.
  const postmasterLines = () => readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n');
  const isAlive = () => child !== null && child.exitCode === null && child.signalCode === null;

  return {
    get ended() {
      return ended;
    },
    get isAlive() {
      return isAlive();
    },
    async start(death) {
      const startedMs = performance.now();
      const started = spawn(process.execPath, [program], {
        cwd: dataDir,
        env: {
          CHATFERRY_DATA_DIR: dataDir,
          CHATFERRY_ADMIN_TOKEN: adminToken,
          CRASH_LOG: pointsPath,
          ...(death === undefined ? {} : { CRASH_AT: lineOf(death) }),
          ...env,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      child = started;
      ended = once(started, 'exit');
      const lines: string[] = [];
      // It may die before it has read what it was told.
      started.stdin.on('error', () => undefined);
      started.stderr.setEncoding('utf8').on('data', (text: string) => lines.push(text));
      const ready = new Promise<boolean>((resolve) => {
        createInterface({ input: started.stdout }).on('line', (line) => {
          if (lines.length < 200) lines.push(line);
          if (line.includes('"event":"gateway.ready"')) resolve(true);
        });
      });
      const isReady = await Promise.race([ready, ended.then(() => false)]);
      if (isReady) return performance.now() - startedMs;
      if (death !== undefined && started.signalCode === 'SIGKILL') return null;
      throw new Error(`The gateway ended before it was ready:\n${lines.join('\n')}`);
    },
    arm: (death) => void child?.stdin?.write(`${lineOf(death)}\n`),
    async kill() {
      child?.kill('SIGKILL');
      await ended;
    },
    postgresPid() {
      const pid = Number(postmasterLines()[0]);
      if (!(pid > 1)) throw new Error('no PostgreSQL in the data folder');
      return pid;
    },
    database: () => ({ host: postmasterLines()[4] ?? '', port: 5432, user: 'chatferry', database: 'chatferry' }),
    async stop() {
      if (isAlive()) child?.kill('SIGTERM');
      await ended;
      await endOrphan(dataDir);
    },
  };
}

/** A PostgreSQL whose gateway was killed lives on. */
async function endOrphan(dataDir: string): Promise<void> {
  const { cluster } = embeddedPaths(dataDir, tmpdir());
  const postmaster = readPostmaster(cluster);
  if (postmaster.kind === 'running') await stopHungPostmaster(cluster, postmaster.pid, systemClock);
}
