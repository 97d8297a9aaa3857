import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { embeddedPaths } from '@chatferry/gateway/internal/embedded-postgres/paths';
import { readPostmaster, stopHungPostmaster } from '@chatferry/gateway/internal/embedded-postgres/postmaster';
import { type EmbeddedPostgres, startEmbedded } from '@chatferry/gateway/internal/embedded-postgres/start-embedded';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { realClock, silentLog } from './temporary-postgres.ts';

/** Tools for the tests of the embedded server itself; tests of anything else take `freshDatabase`. */
export type GatewayReport =
  | { readonly kind: 'ready'; readonly pid: number; readonly adopted: boolean }
  | { readonly kind: 'refused'; readonly message: string };

export interface GatewayProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly report: GatewayReport;
  /** The server's process id, or 0 when the gateway was refused. */
  readonly serverPid: number;
}

export interface EmbeddedSite {
  /** A folder for this test alone. */
  readonly emptyDir: string;
  /** A data folder with a cluster whose table `kept` holds one word; copied when a test first asks for it. */
  readonly dataDir: string;
  /** Another gateway, in a process (and process group) of its own. */
  gatewayProcess(folder?: string): Promise<GatewayProcess>;
  /** Ends the process after the test. */
  track(child: ChildProcess): void;
}

export const clusterOf = (folder: string): string => embeddedPaths(folder, tmpdir()).cluster;

export const start = (dataDir: string, clock = realClock): Promise<EmbeddedPostgres> =>
  startEmbedded({ dataDir, log: silentLog, clock });

/** One query in a connection of its own; all its values in a row. */
export async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client(server.ownerConnection);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Ends the whole process group, as a terminal's Ctrl-C would. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    process.kill(-(child.pid ?? 0), signal);
    await gone;
  }
}

export async function endServerIn(folder: string): Promise<void> {
  const postmaster = readPostmaster(clusterOf(folder));
  if (postmaster.kind === 'running') {
    await stopHungPostmaster(clusterOf(folder), postmaster.pid, realClock);
  }
}

export async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 3000 && !holds(); round += 1) {
    await realClock.sleep(5);
  }
  expect(holds()).toBe(true);
}

async function startGateway(folder: string, track: (child: ChildProcess) => void): Promise<GatewayProcess> {
  const script = fileURLToPath(new URL('./embedded-process.ts', import.meta.url));
  const args = ['--import', 'tsx', '--conditions=@chatferry/source', script, folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  track(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const report = JSON.parse(String(line)) as GatewayReport;
  return { child, pid: child.pid ?? 0, report, serverPid: report.kind === 'ready' ? report.pid : 0 };
}

/** Call it at the top of a test file: gives each test a data folder, and ends and removes what the test leaves. */
export function useDataFolders(): EmbeddedSite {
  let base = '';
  let pristine = '';
  let own = '';
  let dataDir: string | undefined;
  let children: ChildProcess[] = [];
  const track = (child: ChildProcess): void => {
    children.push(child);
  };

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'chatferry-embedded-'));
    chmodSync(base, 0o755);
    pristine = join(base, 'pristine');
    const server = await start(pristine);
    await ask(server, "create table kept as select 'kept' as word");
    await server.stop();
  });
  afterAll(async () => {
    await endServerIn(pristine);
    rmSync(base, { recursive: true, force: true });
  });
  beforeEach(() => {
    own = mkdtempSync(join(base, 'test-'));
    chmodSync(own, 0o755);
    dataDir = undefined;
  });
  afterEach(async () => {
    for (const child of children) {
      await kill(child);
    }
    children = [];
    if (dataDir !== undefined) {
      await endServerIn(dataDir);
    }
    rmSync(own, { recursive: true, force: true });
  });
  const copied = (): string => {
    if (dataDir === undefined) {
      dataDir = join(own, 'data');
      spawnSync('cp', ['-a', pristine, dataDir]);
    }
    return dataDir;
  };
  return {
    get emptyDir() {
      return own;
    },
    get dataDir() {
      return copied();
    },
    gatewayProcess: (folder) => startGateway(folder ?? copied(), track),
    track,
  };
}
