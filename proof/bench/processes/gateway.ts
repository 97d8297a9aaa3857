import { setTimeout as sleep } from 'node:timers/promises';
import { worksForAll } from '@chatferry/gateway/internal/store/database/pool';
import { callJson } from '@chatferry/testkit/processes/call-json';
import { type GatewayProcess, startGatewayProcess } from '@chatferry/testkit/processes/gateway-process';
import { readOwnPostgres } from '@chatferry/testkit/processes/own-postgres';
import { unpaced } from '@chatferry/testkit/rigs/unpaced';
import pg from 'pg';
import { recordingTelegramOrigin } from './recording-telegram.ts';
import type { BenchSandbox } from './sandbox.ts';
import { cpuSecondsOf, cpuSecondsOfTree, residentMibOf } from './usage.ts';

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
  const startedMs = performance.now();
  const gateway = startGatewayProcess({
    dataDir,
    nodeOptions: process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [],
    env: {
      NODE_ENV: 'production',
      CHATFERRY_PORT: '0',
      CHATFERRY_ROLE: role,
      CHATFERRY_ADMIN_TOKEN: adminToken,
      // What the gateway can do is measured, not what Telegram takes from a bot.
      ...unpaced,
      CHATFERRY_TELEGRAM_API_ROOT: sandbox.telegramRoot,
      CHATFERRY_INTERCOM_BASE_URL: sandbox.intercomUrl,
      CHATFERRY_ALLOWED_PRIVATE_ORIGINS: recordingTelegramOrigin,
      // Only for the channel whose webhook the benchmark calls; no program looks this name up.
      CHATFERRY_PUBLIC_URL: 'https://chatferry.invalid',
      ...env,
    },
  });
  const url = String((await gateway.ready())['address']);
  await waitUntilReady(url, gateway);
  const readyAfterMs = performance.now() - startedMs;
  const postgres = readOwnPostgres(dataDir);
  return {
    url,
    readyAfterMs,
    connection: postgres.connection,
    admin: (path, body) =>
      callJson(`${url}/api/v1${path}`, body, { headers: { authorization: `Bearer ${adminToken}` } }),
    cpuSeconds: () => ({ process: cpuSecondsOf(gateway.pid), database: cpuSecondsOfTree(postgres.pid) }),
    residentMib: () => residentMibOf(gateway.pid),
    stop: gateway.stop,
  };
}

async function waitUntilReady(url: string, gateway: GatewayProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const response = await fetch(`${url}/readyz`);
    await response.arrayBuffer();
    if (response.ok) return;
    await sleep(10);
  }
  await gateway.stop();
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
