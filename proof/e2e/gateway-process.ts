import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Sandbox } from '@chatferry/sandbox';
import type { TestDatabase } from '@chatferry/testkit/postgres/postgres';
import { unpaced } from '@chatferry/testkit/rigs/unpaced';
import { createCanary } from '@chatferry/testkit/secrets/canary';
import pg from 'pg';
import { inject } from 'vitest';

/** The built gateway as its users run it: a process of its own, spoken to over HTTP and by signals. */
export interface GatewayProcess {
  readonly pid: number;
  /** Where it listens; empty where it only works. */
  readonly url: string;
  /** Of its PostgreSQL; null where that is given. */
  readonly postgresPid: number | null;
  /** The fields of the first line with this event; null where there is none. */
  logged(event: string): Readonly<Record<string, unknown>> | null;
  call(path: string, options?: CallOptions): Promise<Answer>;
  admin(path: string, body?: unknown, method?: string): Promise<Answer>;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is.
  readonly body: any;
}

/** Longer than a build from nothing takes. */
export const buildLimitMs = 180_000;

/** What the processes of these tests run is what users run: the build. */
export async function buildGateway(): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-b', 'packages/gateway'], { cwd: root }).catch(
    (cause: { readonly stdout: string }) => {
      throw new Error(`The gateway cannot be built:\n${cause.stdout}`, { cause });
    },
  );
}

/** A process that ended before it was ready. */
export interface Refusal {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly postgresPid: number | null;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const adminToken = 'admin-token-of-the-tests';

/** What a command said, and how it ended. */
export interface CommandEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Launcher {
  /** Starts a gateway and waits until it is ready; throws with its own words where it ends before. */
  start(env: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  /** Starts a gateway that is expected to end, by itself or by the signal that it gets when it logs an event. */
  startInVain(
    env: Readonly<Record<string, string>>,
    ending?: { readonly on: string; readonly signal: NodeJS.Signals },
  ): Promise<Refusal>;
  /** Runs one of its other commands to its end. */
  run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<CommandEnd>;
  /** Ends what is left. */
  endAll(): Promise<void>;
}

/** `cwd` is where the gateway stands, so that nothing of it lands in the repository. */
export function createLauncher(cwd: string): Launcher {
  const children: ChildProcess[] = [];
  const outputs: { readonly stdout: string; readonly stderr: string }[] = [];
  const canary = createCanary(adminToken);

  const launch = (env: Readonly<Record<string, string>>, args: readonly string[] = []) => {
    const main = join(root, 'packages/gateway/dist/main.js');
    const child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { CHATFERRY_PORT: '0', CHATFERRY_ADMIN_TOKEN: adminToken, CHATFERRY_LOG_LEVEL: 'debug', ...unpaced, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const output = { stdout: '', stderr: '' };
    outputs.push(output);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    return { child, output, ended };
  };

  return {
    async start(env) {
      const { child, output, ended } = launch(env);
      const logged = (event: string) => loggedIn(output.stdout, event);
      const ready = new Promise<void>((resolve) => {
        child.stdout.on('data', () => {
          if (logged('gateway.ready')) resolve();
        });
      });
      await Promise.race([ready, ended]);
      const line = logged('gateway.ready');
      if (!line) throw new Error(`The gateway ended before it was ready.\n${output.stderr}${output.stdout}`);
      const url = String(line['address'] ?? '');
      const call = async (path: string, { method, body, key }: CallOptions = {}): Promise<Answer> => {
        const response = await fetch(`${url}${path}`, {
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          headers: { authorization: `Bearer ${key ?? adminToken}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        const answer = { status: response.status, body: text === '' ? null : JSON.parse(text) };
        canary.observe(path, body, answer.body);
        return answer;
      };
      return {
        pid: child.pid ?? 0,
        url,
        postgresPid: postgresIn(output.stdout),
        logged,
        call,
        admin: (path, body, method) =>
          call(path, { ...(body === undefined ? {} : { body }), ...(method === undefined ? {} : { method }) }),
        kill: (signal) => void child.kill(signal),
        ended,
      };
    },

    async startInVain(env, ending) {
      const { child, output, ended } = launch(env);
      const signalWhenTold = () => {
        if (!ending || !loggedIn(output.stdout, ending.on)) return;
        child.stdout.off('data', signalWhenTold);
        child.kill(ending.signal);
      };
      child.stdout.on('data', signalWhenTold);
      const exitCode = await ended;
      return { exitCode, stderr: output.stderr, postgresPid: postgresIn(output.stdout) };
    },

    async run(args, env) {
      const { output, ended } = launch(env, args);
      return { exitCode: await ended, ...output };
    },

    async endAll() {
      for (const child of children.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      // What a process says when it crashes counts as well.
      const said = outputs.splice(0).flatMap(({ stdout, stderr }) => `${stdout}\n${stderr}`.split('\n'));
      const findings = await canary.findings(said, null);
      if (findings.length > 0) throw new Error(`Secrets got out:\n${findings.slice(0, 10).join('\n')}`);
    },
  };
}

/** The fields of the first whole line of the log with this event. */
function loggedIn(log: string, event: string): Readonly<Record<string, unknown>> | null {
  const line = log.split('\n').find((text) => text.includes(`"event":"${event}"`) && text.endsWith('}'));
  return line === undefined ? null : JSON.parse(line);
}

function postgresIn(log: string): number | null {
  const pid = loggedIn(log, 'postgres.ready')?.['pid'];
  return typeof pid === 'number' ? pid : null;
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false;
    throw cause;
  }
};

/** A connection, as DATABASE_URL takes it; PostgreSQL: a `host` that is a folder is that of its socket. */
export function databaseUrlOf({ connection }: TestDatabase): string {
  if (typeof connection === 'string') return connection;
  const query = new URLSearchParams({ host: connection.host, port: String(connection.port) });
  return `postgres://${connection.user}@/${connection.database}?${query}`;
}

/** Sends everybody's connections to a database away and lets none in again, as a server that restarts does. */
export async function setAway({ connection }: TestDatabase, away: boolean): Promise<void> {
  const name = typeof connection === 'string' ? new URL(connection).pathname.slice(1) : connection.database;
  const client = new pg.Client(inject('postgres').connection);
  await client.connect();
  await client.query(`alter database ${name} allow_connections ${!away}`);
  if (away) await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await client.end();
}

/** The addresses of the simulated providers, as the gateway's environment takes them. */
export const providersOf = (sandbox: Sandbox) => ({
  CHATFERRY_TELEGRAM_API_ROOT: `${sandbox.url}/telegram`,
  CHATFERRY_INTERCOM_BASE_URL: `${sandbox.url}/intercom`,
  CHATFERRY_HUBSPOT_BASE_URL: `${sandbox.url}/hubspot`,
});

export interface ConnectedBot {
  readonly key: string;
  readonly botId: number;
  readonly intercomId: string;
}

/** A simulated bot, connected to a simulated Intercom workspace through the management API. */
export async function connectBot(gateway: GatewayProcess, sandbox: Sandbox): Promise<ConnectedBot> {
  const intercom = sandbox.intercom.createWorkspace();
  const bot = sandbox.telegram.createBot();
  const inbox = { kind: 'intercom', access_token: intercom.access_token };
  const workspace = await gateway.admin('/api/v1/workspaces', { name: 'Acme', inbox });
  const channel = await gateway.admin('/api/v1/channels', { workspace_id: workspace.body.id, bot_token: bot.token });
  if (channel.status !== 201) throw new Error(`no channel: ${JSON.stringify([workspace.body, channel.body])}`);
  return { key: channel.body.key.secret, botId: bot.id, intercomId: intercom.workspace_id };
}

/** The chat of a person who pressed Start. */
export const newChat = (sandbox: Sandbox, { botId }: ConnectedBot): number =>
  sandbox.telegram.createChat({ bot_id: botId, user: { first_name: 'Grace' } }).chat_id;

export const sendTo = (gateway: GatewayProcess, { key }: ConnectedBot, chatId: number, text: string): Promise<Answer> =>
  gateway.call('/api/v1/telegram/interactive', {
    key,
    body: {
      destination_user_id: chatId,
      telegram_interactive_message: {
        type: 'reply_buttons',
        text,
        reply_markup: { inline_keyboard: [[{ text: 'Track order', url: 'https://example.com/track' }]] },
      },
    },
  });

/** What stands in the conversation of the only chat of a bot that wrote, line by line. */
export const entriesIn = (sandbox: Sandbox, { intercomId }: ConnectedBot): readonly string[] =>
  sandbox.intercom
    .conversations(intercomId)
    .flatMap(({ id }) => sandbox.intercom.transcript(intercomId, id).entries.map((entry) => entry.text));
