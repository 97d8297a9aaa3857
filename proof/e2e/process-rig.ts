import type { Sandbox } from '@chatferry/sandbox';
import {
  type GatewayProcess,
  type GatewayProcessOptions,
  startGatewayProcess,
} from '@chatferry/testkit/processes/gateway-process';
import { stopOrphanedPostgres } from '@chatferry/testkit/processes/own-postgres';
import { createTemporaryFolder } from '@chatferry/testkit/processes/temporary-folder';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { unpaced } from '@chatferry/testkit/rigs/unpaced';
import { createCanary } from '@chatferry/testkit/secrets/canary';

type Settings = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is.
  readonly body: any;
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: string;
}

/** A gateway that is ready. */
export interface RunningGateway extends GatewayProcess {
  /** Where it listens; empty when it only works. */
  readonly url: string;
  /** The process id of its own PostgreSQL; null when the database is given. */
  readonly postgresPid: number | null;
  call(path: string, options?: CallOptions): Promise<Answer>;
  admin(path: string, body?: unknown): Promise<Answer>;
}

/** A gateway that ended before it was ready, or a command that ended. */
export interface EndedGateway {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly postgresPid: number | null;
}

/** Gateway processes with the simulated providers and a folder of their own. */
export interface ProcessRig {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** Starts a gateway and waits until it is ready; throws, with the log, when it ends first. */
  start(settings: Settings): Promise<RunningGateway>;
  /** Starts a gateway that is expected to end: by itself, or by a signal that it gets when it logs an event. */
  startInVain(
    settings: Settings,
    ending?: { readonly on: string; readonly signal: NodeJS.Signals },
  ): Promise<EndedGateway>;
  /** Runs one of the gateway's other commands to its end. */
  run(command: readonly string[], settings: Settings): Promise<EndedGateway>;
  /** Kills what is left, removes the folder, and fails when a secret is in any output. */
  close(): Promise<void>;
}

const adminToken = 'admin-token-of-the-tests';

export type Programs = Pick<GatewayProcessOptions, 'program' | 'nodeOptions'>;

export async function openProcessRig(programs: Programs = {}): Promise<ProcessRig> {
  const sandbox = createWatchedSandbox();
  await sandbox.listen();
  const folder = createTemporaryFolder('chatferry-e2e-');
  const canary = createCanary(adminToken);
  const gateways: GatewayProcess[] = [];
  const dataDirs = new Set<string>();

  const launch = (settings: Settings, command?: readonly string[]): GatewayProcess => {
    const gateway = startGatewayProcess({
      // Nothing that the gateway writes may land in the repository.
      cwd: folder.path,
      env: toEnvironment(sandbox, settings),
      ...programs,
      ...(command === undefined ? {} : { command }),
    });
    gateways.push(gateway);
    dataDirs.add(settings['CHATFERRY_DATA_DIR'] ?? folder.path);
    return gateway;
  };

  return {
    sandbox,
    folder: folder.path,
    async start(settings) {
      const gateway = launch(settings);
      const { address } = await gateway.ready();
      const url = String(address ?? '');
      const call: RunningGateway['call'] = async (path, options = {}) => {
        const answer = await callGateway(`${url}${path}`, options);
        canary.observe(path, options.body, answer.body);
        return answer;
      };
      const admin: RunningGateway['admin'] = (path, body) => call(path, body === undefined ? {} : { body });
      return { ...gateway, url, postgresPid: readPostgresPid(gateway), call, admin };
    },
    startInVain(settings, ending) {
      const gateway = launch(settings);
      gateway.onLine((line) => {
        if (ending !== undefined && line.includes(`"event":"${ending.on}"`)) gateway.kill(ending.signal);
      });
      return readEnding(gateway);
    },
    run: (command, settings) => readEnding(launch(settings, command)),
    async close() {
      for (const gateway of gateways) gateway.kill('SIGKILL');
      await Promise.all(gateways.map(({ ended }) => ended));
      for (const dataDir of dataDirs) await stopOrphanedPostgres(dataDir);
      folder.remove();
      await sandbox.close();
      // What a process writes when it crashes counts as well.
      const lines = gateways.flatMap((gateway) => Object.values(gateway.output()).flatMap((text) => text.split('\n')));
      const findings = await canary.findings(lines, null);
      if (findings.length > 0) throw new Error(`Secrets got out:\n${findings.slice(0, 10).join('\n')}`);
    },
  };
}

const toEnvironment = (sandbox: Sandbox, settings: Settings): Settings => ({
  CHATFERRY_PORT: '0',
  CHATFERRY_ADMIN_TOKEN: adminToken,
  CHATFERRY_LOG_LEVEL: 'debug',
  CHATFERRY_TELEGRAM_API_ROOT: `${sandbox.url}/telegram`,
  CHATFERRY_INTERCOM_BASE_URL: `${sandbox.url}/intercom`,
  CHATFERRY_HUBSPOT_BASE_URL: `${sandbox.url}/hubspot`,
  ...unpaced,
  ...settings,
});

async function callGateway(url: string, { method, body, key }: CallOptions): Promise<Answer> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${key ?? adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

async function readEnding(gateway: GatewayProcess): Promise<EndedGateway> {
  const { exitCode } = await gateway.ended;
  return { exitCode, ...gateway.output(), postgresPid: readPostgresPid(gateway) };
}

function readPostgresPid(gateway: GatewayProcess): number | null {
  const pid = gateway.logged('postgres.ready')?.['pid'];
  return typeof pid === 'number' ? pid : null;
}
