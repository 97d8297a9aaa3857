import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

/** Where the gateway is to be killed: at this call of a port, counted from 1. */
export interface CrashPoint {
  readonly point: string;
  readonly hit: number;
}

/** A gateway that can be killed at any point and started again, always on the same port and data folder. */
export interface SupervisedGateway {
  /**
   * Starts the gateway and waits until it is ready. Resolves with the milliseconds that this took, or with null when the gateway
   * was killed at the crash point before.
   */
  start(crashPoint?: CrashPoint): Promise<number | null>;
  /** Makes the running gateway kill itself at this point. */
  arm(crashPoint: CrashPoint): void;
  /** Resolves when the gateway that was started last has ended. */
  ended(): Promise<unknown>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Stops the gateway in order, and its PostgreSQL also after a kill. */
  stop(): Promise<void>;
}

export interface SupervisedOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** A file that receives the name of each point when it is first reached. */
  readonly pointsPath: string;
}

const toLine = ({ point, hit }: CrashPoint): string => `${point} ${hit}`;

export function superviseGateway({ dataDir, env, pointsPath }: SupervisedOptions): SupervisedGateway {
  let gateway: GatewayProcess | null = null;
  return {
    ended: async () => gateway?.ended,
    async start(crashPoint) {
      const startedMs = performance.now();
      const started = startGatewayProcess({
        program: 'crashing',
        dataDir,
        cwd: dataDir,
        env: {
          CRASH_LOG: pointsPath,
          ...(crashPoint === undefined ? {} : { CRASH_AT: toLine(crashPoint) }),
          ...env,
        },
      });
      gateway = started;
      try {
        await started.ready();
        return performance.now() - startedMs;
      } catch (cause) {
        if (started.isAlive()) throw cause;
        const { signal } = await started.ended;
        if (crashPoint !== undefined && signal === 'SIGKILL') return null;
        throw cause;
      }
    },
    arm: (crashPoint) => gateway?.write(toLine(crashPoint)),
    async kill() {
      gateway?.kill('SIGKILL');
      await gateway?.ended;
    },
    stop: async () => gateway?.stop(),
  };
}
