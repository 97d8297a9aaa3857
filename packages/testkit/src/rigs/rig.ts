import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gateway, type GatewayOptions, startGateway } from '@chatferry/gateway/internal/compose/start-gateway';
import { loadConfig } from '@chatferry/gateway/internal/config/config';
import { createLog, type Log } from '@chatferry/gateway/internal/observe/log';
import type { Clock } from '@chatferry/gateway/internal/ports/clock';
import { Secret } from '@chatferry/gateway/internal/ports/secret';
import { systemClock, systemRandom } from '@chatferry/gateway/internal/process/system-clock';
import type { MasterKeys } from '@chatferry/gateway/internal/secrets/master-key';
import { createPool } from '@chatferry/gateway/internal/store/database/pool';
import type { Sandbox } from '@chatferry/sandbox';
import { afterAll } from 'vitest';
import { assertContract } from '../conformance/assert-contract.ts';
import { freshDatabase, type TestDatabase } from '../postgres/postgres.ts';
import { silentLog } from '../postgres/temporary-postgres.ts';
import { createWatchedSandbox } from '../provider-descriptions/watched-sandbox.ts';
import { type Canary, createCanary } from '../secrets/canary.ts';
import { unpaced } from './unpaced.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is.
  readonly body: any;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
}

/**
 * A gateway on a database of its own, with the simulated providers behind it. Everything goes over real HTTP. A call throws
 * when the contract does not document its answer.
 */
export interface Rig {
  readonly sandbox: Sandbox;
  readonly database: TestDatabase;
  readonly dataDir: string;
  readonly url: string;
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** A call with the administrator's token. */
  admin(path: string, options?: CallOptions): Promise<Answer>;
  /** Call it in a test file that puts secrets where they must not be, on purpose. */
  unwatched(): void;
  /** What the gateway wrote to its log, line by line. */
  readonly logLines: readonly string[];
  /** Starts another gateway on the same database. Its password digests are cheap, unless `options` are given. */
  startAnother(
    env?: Readonly<Record<string, string>>,
    options?: Pick<GatewayOptions, 'passwordCostBits'>,
  ): Promise<Gateway>;
  /** Stops the gateway and starts it again with more settings, on the same address. */
  reconfigure(env: Readonly<Record<string, string>>): Promise<void>;
  /** The master keys of every start from now on, made of those of the last one. */
  changeMasterKeys(change: (before: MasterKeys) => MasterKeys): void;
  /** Stops the gateway and starts it again, on the same address. `whileStopped` runs in between. */
  restart(whileStopped?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export const adminToken = 'admin-token-of-the-tests';

/** The product's cost takes 0.4 s of a processor for each password. */
const cheapPasswords = { passwordCostBits: 8 };

type Settings = Readonly<Record<string, string>>;
type CostOptions = Pick<GatewayOptions, 'passwordCostBits'>;

/** What every gateway of a rig shares. */
interface RigParts {
  readonly database: TestDatabase;
  readonly sandbox: Sandbox;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

const settingsOf = ({ sandbox, dataDir }: RigParts): Settings => ({
  CHATFERRY_PORT: '0',
  CHATFERRY_DATA_DIR: dataDir,
  ...unpaced,
  // A broken channel stays broken, except in the tests about its recovery.
  CHATFERRY_WATCH_EVERY_SECONDS: '3600',
  CHATFERRY_TELEGRAM_API_ROOT: `${sandbox.url}/telegram`,
  CHATFERRY_INTERCOM_BASE_URL: `${sandbox.url}/intercom`,
  CHATFERRY_HUBSPOT_BASE_URL: `${sandbox.url}/hubspot`,
  CHATFERRY_INTERCOM_APP_URL: `${sandbox.url}/intercom`,
  CHATFERRY_HUBSPOT_APP_URL: `${sandbox.url}/hubspot`,
});

/** Starts a gateway with a pool of its own, which ends with it. */
async function startGatewayOn(
  parts: RigParts,
  settings: Settings,
  masterKeys: MasterKeys,
  options: CostOptions,
): Promise<Gateway> {
  const loaded = loadConfig({ ...settingsOf(parts), ...settings });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const connection = parts.database.runtimeConnection;
  const pool = createPool({ connection, log: silentLog, connectionsMax: 8 });
  try {
    const gateway = await startGateway({
      config: loaded.config,
      pool,
      alone: false,
      masterKeys,
      adminToken: new Secret(adminToken),
      clock: parts.clock,
      random: systemRandom,
      log: parts.log,
      ...options,
    });
    return {
      ...gateway,
      close: async () => {
        await gateway.close();
        await pool.end();
      },
    };
  } catch (cause) {
    await pool.end();
    throw cause;
  }
}

/** Calls the API, and checks that the contract documents the answer. */
async function callApi(url: string, canary: Canary, path: string, options: CallOptions): Promise<Answer> {
  const sent = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const method = options.method ?? (sent === undefined ? 'GET' : 'POST');
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  assertContract({ method, path, ...answer });
  canary.observe(`${method} ${path}`, options.body, answer.body);
  return answer;
}

export async function startRig(env: Settings = {}, clock: Clock = systemClock): Promise<Rig> {
  const database = await freshDatabase();
  const sandbox = createWatchedSandbox();
  await sandbox.listen();
  let masterKeys: MasterKeys = { primary: { id: 'test', key: randomBytes(32) }, others: [] };
  const dataDir = mkdtempSync(join(tmpdir(), 'chatferry-rig-'));
  const logLines: string[] = [];
  const canary = createCanary(adminToken, masterKeys.primary.key.toString('base64'));
  let isWatched = true;
  let settings = env;
  const log = createLog('debug', { write: (line) => void logLines.push(line) });
  const parts: RigParts = { database, sandbox, dataDir, clock, log };
  const start = (more: Settings, options: CostOptions = cheapPasswords) =>
    startGatewayOn(parts, { ...settings, ...more }, masterKeys, options);
  let gateway = await start({});
  const claimFile = join(dataDir, 'claim-token');
  if (existsSync(claimFile)) canary.observe('the start', { token: readFileSync(claimFile, 'utf8').trim() }, null);
  const url = gateway.address ?? '';
  const others: Gateway[] = [];
  const call = (path: string, options: CallOptions = {}) => callApi(url, canary, path, options);
  const restart = async (whileStopped: () => Promise<void> = async () => undefined) => {
    await gateway.close();
    await whileStopped();
    gateway = await start({ CHATFERRY_PORT: new URL(url).port });
  };
  const close = async () => {
    await Promise.all([gateway, ...others].map((one) => one.close()));
    const findings = isWatched ? await canary.findings(logLines, database.pool) : [];
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
    if (findings.length > 0) throw new Error(`Secrets got out:\n${findings.slice(0, 10).join('\n')}`);
  };
  afterAll(close);

  return {
    sandbox,
    database,
    dataDir,
    url,
    logLines,
    call,
    admin: (path, options = {}) =>
      call(path, { ...options, headers: { authorization: `Bearer ${adminToken}`, ...options.headers } }),
    unwatched() {
      isWatched = false;
    },
    changeMasterKeys(change) {
      masterKeys = change(masterKeys);
    },
    async startAnother(more = {}, options = cheapPasswords) {
      const other = await start(more, options);
      others.push(other);
      return other;
    },
    async reconfigure(more) {
      settings = { ...settings, ...more };
      await restart();
    },
    restart,
    close,
  };
}

export interface ConnectedBot {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly key: string;
  readonly keyId: string;
  readonly botId: number;
  readonly token: string;
  /** The simulated Intercom workspace, and what opens its API. */
  readonly intercomId: string;
  readonly intercomToken: string;
  readonly teammates: readonly { readonly id: string; readonly name: string }[];
}

export interface BotOptions {
  readonly supports_inline_queries?: boolean;
  readonly can_read_all_group_messages?: boolean;
  /** Every chat counts as having started it, although the gateway does not know them. */
  readonly accepts_any_chat?: boolean;
  readonly updates?: 'polling' | 'webhook';
}

/** Creates the workspace and the channel of a simulated bot through the management API. */
export async function connectThroughApi(
  rig: Rig,
  bot: { readonly id: number; readonly token: string },
  { inbox, updates }: { readonly inbox: object; readonly updates?: BotOptions['updates'] },
): Promise<Pick<ConnectedBot, 'workspaceId' | 'channelId' | 'key' | 'keyId' | 'botId' | 'token'>> {
  const workspace = await rig.admin('/api/v1/workspaces', { body: { name: 'Acme', inbox } });
  if (workspace.status !== 201) throw new Error(`no workspace: ${JSON.stringify(workspace.body)}`);
  const channel = await rig.admin('/api/v1/channels', {
    body: { workspace_id: workspace.body.id, bot_token: bot.token, ...(updates === undefined ? {} : { updates }) },
  });
  if (channel.status !== 201) throw new Error(`no channel: ${JSON.stringify(channel.body)}`);
  return {
    workspaceId: workspace.body.id,
    channelId: channel.body.id,
    key: channel.body.key.secret,
    keyId: channel.body.key.id,
    botId: bot.id,
    token: bot.token,
  };
}

/** A simulated bot, connected to a simulated Intercom workspace through the management API. */
export async function connectBot(rig: Rig, { updates, ...bot }: BotOptions = {}): Promise<ConnectedBot> {
  const intercom = rig.sandbox.intercom.createWorkspace({
    admins: [
      { name: 'Ada', email: 'ada@acme.test' },
      { name: 'Ben', email: 'ben@acme.test' },
    ],
  });
  const made = rig.sandbox.telegram.createBot(bot);
  const { access_token, client_secret } = intercom;
  const inbox = { kind: 'intercom', access_token, client_secret };
  return {
    ...(await connectThroughApi(rig, made, { inbox, updates })),
    intercomId: intercom.workspace_id,
    intercomToken: intercom.access_token,
    teammates: intercom.admins,
  };
}

export interface Customer {
  readonly chatId: string;
  readonly at: { readonly bot_id: number; readonly chat_id: number };
}

/** A person who pressed Start. */
export function newCustomer(rig: Rig, bot: ConnectedBot, user: { readonly first_name?: string } = {}): Customer {
  const chat = rig.sandbox.telegram.createChat({ bot_id: bot.botId, user: { first_name: 'Grace', ...user } });
  return { chatId: String(chat.chat_id), at: { bot_id: bot.botId, chat_id: chat.chat_id } };
}

export const sendPath = '/api/v1/telegram/interactive';

/** The body of a valid send. */
export const aSend = (chatId: string, change: Readonly<Record<string, unknown>> = {}) => ({
  destination_user_id: chatId,
  telegram_interactive_message: {
    type: 'reply_buttons',
    text: 'Your order has shipped. Track or get help below.',
    reply_markup: {
      inline_keyboard: [
        [
          { text: 'Track order', url: 'https://example.com/track/ORD-9876' },
          { text: 'Need help', switch_inline_query_current_chat: 'help order ORD-9876' },
        ],
      ],
    },
  },
  ...change,
});

/** Sends as the company's backend does. */
export const send = (
  rig: Rig,
  bot: ConnectedBot,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => rig.call(sendPath, { body, headers: { 'x-octopods-auth': bot.key, ...headers } });
