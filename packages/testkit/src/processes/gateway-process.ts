import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type NodeProcess, type NodeProcessOptions, startNodeProcess } from './node-process.ts';
import { stopOrphanedPostgres } from './own-postgres.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const programs = {
  gateway: `${root}packages/gateway/dist/main.js`,
  /** The same gateway, which a test can have killed at a named point: `crashing-gateway.ts`. */
  crashing: `${root}packages/testkit/dist/processes/crashing-gateway.js`,
  /** The same gateway, with jobs that end it: `poisoned-gateway.ts`. */
  poisoned: `${root}packages/testkit/dist/processes/poisoned-gateway.js`,
};

/** Long enough for a build of everything. */
export const buildLimitMs = 180_000;

/** Builds everything that a process of a test runs. Takes less than a second when it is up to date. */
export async function buildPrograms(): Promise<void> {
  const args = [`${root}node_modules/typescript/bin/tsc`, '-b'];
  await promisify(execFile)(process.execPath, args, { cwd: root }).catch((cause: { readonly stdout: string }) => {
    throw new Error(`The programs cannot be built:\n${cause.stdout}`, { cause });
  });
}

export type LogFields = Readonly<Record<string, unknown>>;

/** The built gateway as users run it: a process of its own, which is used over HTTP and by signals. */
export interface GatewayProcess extends NodeProcess {
  /** The fields of the first log line with this event; null when there is none. */
  logged(event: string): LogFields | null;
  /** Resolves with the fields of the log line `gateway.ready`; rejects, with the whole log, when the gateway ends first. */
  ready(): Promise<LogFields>;
  /** Stops the gateway, and the PostgreSQL in its data folder, which keeps running when the gateway was killed. */
  stop(): Promise<void>;
}

export interface GatewayProcessOptions extends Pick<NodeProcessOptions, 'env' | 'cwd' | 'isDetached'> {
  /** The gateway creates it when it does not exist. Without it, `env` names the folder, and `stop` looks for no PostgreSQL. */
  readonly dataDir?: string;
  readonly program?: keyof typeof programs;
  /** Options of node itself. */
  readonly nodeOptions?: readonly string[];
  /** A command of the gateway, such as `['backup', 'file']`. Without one the gateway serves. */
  readonly command?: readonly string[];
}

/** Starts the gateway and does not wait for it. */
export function startGatewayProcess(options: GatewayProcessOptions): GatewayProcess {
  const { dataDir, program = 'gateway', nodeOptions = [], command = [], env, ...rest } = options;
  const started = startNodeProcess({
    name: 'The gateway',
    args: [...nodeOptions, programs[program], ...command],
    env: { ...(dataDir === undefined ? {} : { CHATFERRY_DATA_DIR: dataDir }), ...env },
    ...rest,
  });
  return {
    ...started,
    logged: (event) => findLogged(started.output().stdout.split('\n'), event),
    ready: () => started.waitForLine((line) => findLogged([line], 'gateway.ready')),
    async stop() {
      await started.stop();
      if (dataDir !== undefined) await stopOrphanedPostgres(dataDir);
    },
  };
}

function findLogged(lines: readonly string[], event: string): LogFields | null {
  const line = lines.find((text) => text.includes(`"event":"${event}"`));
  return line === undefined ? null : (JSON.parse(line) as LogFields);
}
