import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { worksForAll } from '@chatferry/gateway/internal/store/database/pool';
import pg from 'pg';
import { type Child, startChild } from './child.ts';
import { json } from './json-call.ts';
import type { BenchSandbox } from './sandbox.ts';
import { cpuSecondsOf, cpuSecondsOfTree, residentMibOf } from './usage.ts';

const program = fileURLToPath(new URL('../../../packages/gateway/dist/main.js', import.meta.url));
const adminToken = 'admin-token-of-the-benchmark';

/** The built gateway with its own PostgreSQL. */
export interface BenchGateway {
  readonly url: string;
  /** From the start of the process to `GET /readyz` answering 200. */
  readonly readyAfterMs: number;
  readonly connection: pg.ClientConfig;
  admin<T>(path: string, body?: unknown): Promise<T>;
  /** Of this process and of the whole database server. */
  cpuSeconds(): { readonly process: number; readonly database: number };
  residentMib(): number;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly dataDir: string;
  readonly sandbox: BenchSandbox;
  readonly role: 'serve' | 'all';
  readonly env?: Readonly<Record<string, string>>;
}

export async function startGateway({ dataDir, sandbox, role, env }: GatewayOptions): Promise<BenchGateway> {
  mkdirSync(dataDir, { recursive: true });
  const startedMs = performance.now();
  const child = await startChild({
    name: 'the gateway',
    args: [...(process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? []), program],
    env: {
      CHATFERRY_DATA_DIR: dataDir,
      CHATFERRY_PORT: '0',
      CHATFERRY_ROLE: role,
      CHATFERRY_ADMIN_TOKEN: adminToken,
      // What the gateway can do is measured, not what Telegram takes from a bot.
      CHATFERRY_CHAT_RATE_PER_SECOND: '0',
      CHATFERRY_GROUP_RATE_PER_MINUTE: '0',
      CHATFERRY_BOT_RATE_PER_SECOND: '0',
      CHATFERRY_TELEGRAM_API_ROOT: sandbox.telegramRoot,
      CHATFERRY_INTERCOM_BASE_URL: sandbox.intercomUrl,
      // Only for the channel whose webhook the benchmark calls; nobody else looks this name up.
      CHATFERRY_PUBLIC_URL: 'https://chatferry.invalid',
      ...env,
    },
    ready: addressIn,
  });
  const url = child.said;
  await untilReady(url, child);
  const readyAfterMs = performance.now() - startedMs;
  const [pid = '', , , , socketFolder = ''] = readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split(
    '\n',
  );
  return {
    url,
    readyAfterMs,
    connection: { host: socketFolder, port: 5432, user: 'chatferry', database: 'chatferry' },
    admin: (path, body) => json(`${url}/api/v1${path}`, body, { authorization: `Bearer ${adminToken}` }),
    cpuSeconds: () => ({ process: cpuSecondsOf(child.pid), database: cpuSecondsOfTree(Number(pid)) }),
    residentMib: () => residentMibOf(child.pid),
    stop: child.stop,
  };
}

function addressIn(line: string): string | null {
  if (!line.includes('"gateway.ready"')) return null;
  const { address } = JSON.parse(line) as { address: string };
  return address;
}

async function untilReady(url: string, child: Child<string>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const response = await fetch(`${url}/readyz`);
    await response.arrayBuffer();
    if (response.ok) return;
    await sleep(10);
  }
  await child.stop();
  throw new Error('the gateway did not become ready');
}

export async function withClient<T>(gateway: BenchGateway, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(gateway.connection);
  await client.connect();
  await client.query(worksForAll);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
