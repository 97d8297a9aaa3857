import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../ports/clock.ts';
import { realClock, silentLog } from '../../testing/temporary-postgres.ts';
import { embeddedPaths } from './paths.ts';
import { readPostmaster, stopHungPostmaster } from './postmaster.ts';
import { inspectProcess } from './process-state.ts';
import { type EmbeddedPostgres, startEmbedded } from './start-embedded.ts';

const isRoot = process.getuid?.() === 0;

type Report =
  | { readonly kind: 'ready'; readonly pid: number; readonly adopted: boolean }
  | { readonly kind: 'refused'; readonly message: string };

let base = '';
let pristine = '';
let dataDir = '';
let count = 0;
let children: ChildProcess[] = [];

const clusterOf = (folder: string): string => embeddedPaths(folder, tmpdir()).cluster;
const start = (folder = dataDir, clock = realClock): Promise<EmbeddedPostgres> =>
  startEmbedded({ dataDir: folder, log: silentLog, clock });

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Another gateway, in a process (and process group) of its own. */
async function gatewayProcess(folder = dataDir): Promise<{ child: ChildProcess; pid: number; report: Report }> {
  const script = fileURLToPath(new URL('../../testing/embedded-process.ts', import.meta.url));
  const args = ['--import', 'tsx', '--conditions=@chatferry/source', script, folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  return { child, pid: child.pid ?? 0, report: JSON.parse(String(line)) as Report };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    process.kill(-(child.pid ?? 0), signal);
    await gone;
  }
}

async function endServerIn(folder: string): Promise<void> {
  const postmaster = readPostmaster(clusterOf(folder));
  if (postmaster.kind === 'running') {
    await stopHungPostmaster(clusterOf(folder), postmaster.pid, realClock);
  }
}

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
  count += 1;
  dataDir = join(base, String(count));
  spawnSync('cp', ['-a', pristine, dataDir]);
});
afterEach(async () => {
  for (const child of children) {
    await kill(child);
  }
  children = [];
  await endServerIn(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the embedded server', () => {
  it('is durable, speaks UTF-8, listens on a private socket only, and gives the gateway no superuser', async () => {
    const server = await start();
    try {
      const names = ['fsync', 'synchronous_commit', 'listen_addresses', 'server_encoding', 'lc_collate', 'TimeZone'];
      const settings = await ask(server, `select current_setting(name, true) from unnest('{${names}}'::text[]) name`);
      expect(settings).toEqual(['on', 'on', '', 'UTF8', null, 'UTC']);
      expect(await ask(server, 'select datcollate from pg_database where datname = current_database()')).toEqual(['C']);
      expect(await ask(server, 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user')).toEqual([
        false,
        false,
      ]);
      expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
      expect(server).toMatchObject({ created: false, adopted: false, version: '18.4' });
    } finally {
      await server.stop();
    }
  });

  it('ends with stop, cleanly, and has its data at the next start', async () => {
    const server = await start();
    await server.stop();
    await server.stop();
    expect(inspectProcess(server.pid).kind).not.toBe('alive');
    expect(readPostmaster(clusterOf(dataDir))).toEqual({ kind: 'absent' });
    const again = await start();
    expect(await ask(again, 'select word from kept')).toEqual(['kept']);
    await again.stop();
  });

  it('comes back by itself when it is killed under a running gateway', async () => {
    const server = await start();
    process.kill(server.pid, 'SIGKILL');
    const next = await startedAgain(server.pid);
    expect(next).not.toBe(server.pid);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
    expect(inspectProcess(next).kind).not.toBe('alive');
  });

  it('has its socket elsewhere, still private, when the path of the data folder is too long', async () => {
    const long = join(dataDir, 'a'.repeat(90));
    const server = await start(long);
    try {
      expect(server.connection.host.startsWith(long)).toBe(false);
      expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
      expect(await ask(server, 'select 1')).toEqual([1]);
    } finally {
      await server.stop();
      rmSync(server.connection.host, { recursive: true });
    }
  });
});

describe('a server that outlived its gateway', () => {
  it('is taken over, and ended by the gateway that took it', async () => {
    const { child, report } = await gatewayProcess();
    await kill(child);
    const server = await start();
    expect({ pid: server.pid, adopted: server.adopted }).toEqual({ pid: 'pid' in report && report.pid, adopted: true });
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
    expect(inspectProcess(server.pid).kind).not.toBe('alive');
  });

  it('does not die of the Ctrl-C that ends the gateway', async () => {
    const { child, report } = await gatewayProcess();
    await kill(child, 'SIGINT');
    const server = await start();
    expect(server).toMatchObject({ pid: 'pid' in report && report.pid, adopted: true });
    await server.stop();
  });

  it('is ended and replaced when it does not answer', async () => {
    const { child, report } = await gatewayProcess();
    const orphan = 'pid' in report ? report.pid : 0;
    await kill(child);
    process.kill(orphan, 'SIGSTOP');
    const server = await start(dataDir, fastClock);
    expect(server.adopted).toBe(false);
    expect(inspectProcess(orphan).kind).not.toBe('alive');
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
  });

  it('is ended and replaced when its socket is gone', async () => {
    const { child, report } = await gatewayProcess();
    await kill(child);
    rmSync(embeddedPaths(dataDir, tmpdir()).socketFolder, { recursive: true });
    const server = await start(dataDir, fastClock);
    expect(server.pid).not.toBe('pid' in report && report.pid);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
  });
});

describe('a lock file without a server', () => {
  const leaveLockFile = async (): Promise<string> => {
    const { child, report } = await gatewayProcess();
    await kill(child);
    process.kill('pid' in report ? report.pid : 0, 'SIGKILL');
    return join(clusterOf(dataDir), 'postmaster.pid');
  };
  const startsInSpiteOf = async (): Promise<void> => {
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
  };
  const rename = (file: string, pid: number): void => {
    const [, ...rest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [String(pid), ...rest].join('\n'));
    const socketLock = join(embeddedPaths(dataDir, tmpdir()).socketFolder, '.s.PGSQL.5432.lock');
    writeFileSync(socketLock, `${pid}\n`);
  };

  it('does not stop the next start', async () => {
    await leaveLockFile();
    await startsInSpiteOf();
  });

  it('does not stop it either when another program has the number now', async () => {
    const other = spawn('sleep', ['600'], { detached: true });
    children.push(other);
    rename(await leaveLockFile(), other.pid ?? 0);
    await startsInSpiteOf();
  });

  it.runIf(process.platform === 'linux')('nor when the number belongs to a zombie', async () => {
    // The shell becomes a program that never collects its child.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(parent);
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const zombie = Number(line);
    await until(() => inspectProcess(zombie).kind === 'zombie');
    rename(await leaveLockFile(), zombie);
    await startsInSpiteOf();
  });
});

describe('two gateways on one data folder', () => {
  it('work one after the other, and the second learns who has it', async () => {
    const { pid } = await gatewayProcess();
    await expect(start()).rejects.toThrow(`in use by the gateway with process id ${pid} on`);
  });

  it('that start at once on an empty folder end as one that runs and one that is refused', async () => {
    const empty = join(dataDir, 'empty');
    const both = await Promise.all([gatewayProcess(empty), gatewayProcess(empty)]);
    const winner = both.find(({ report }) => report.kind === 'ready');
    const loser = both.find(({ report }) => report.kind === 'refused');
    expect(loser?.report).toMatchObject({ message: expect.stringContaining(`process id ${winner?.pid}`) });
    await endServerIn(empty);
  });

  it('never cost a living gateway its server, even when that does not answer', async () => {
    const { pid, report } = await gatewayProcess();
    const server = 'pid' in report ? report.pid : 0;
    process.kill(server, 'SIGSTOP');
    await expect(start(dataDir, fastClock)).rejects.toThrow(`process id ${pid}, whose PostgreSQL does not answer`);
    process.kill(server, 'SIGCONT');
    expect(inspectProcess(server).kind).toBe('alive');
  });

  it('see each other through the socket when process numbers mislead, as between containers', async () => {
    const { pid } = await gatewayProcess();
    const file = join(clusterOf(dataDir), 'postmaster.pid');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^\d+/, '999999999'));
    await expect(start()).rejects.toThrow(`process id ${pid}`);
    writeFileSync(file, text);
  });
});

describe('a folder that cannot be used', () => {
  it('is refused when another major version wrote it', async () => {
    writeFileSync(join(clusterOf(dataDir), 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow('written by PostgreSQL 17, and this gateway carries PostgreSQL 18');
  });

  it('is refused when it holds something else', async () => {
    rmSync(join(clusterOf(dataDir), 'PG_VERSION'));
    await expect(start()).rejects.toThrow('holds no PostgreSQL data');
  });

  it('is refused with what PostgreSQL says when its files are damaged', async () => {
    writeFileSync(join(clusterOf(dataDir), 'postgresql.conf'), 'nonsense here\n');
    await expect(start()).rejects.toThrow(/It says:\n.*unrecognized configuration parameter "nonsense"/);
  });

  it.runIf(isRoot)("is refused when the server's user cannot pass, naming the folder in the way", async () => {
    const closed = join(dataDir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    await expect(start(join(closed, 'data'))).rejects.toThrow(
      new RegExp(`may not enter ${closed} \\(mode 0700\\)[\\s\\S]*Choose a data folder[\\s\\S]*DATABASE_URL`),
    );
  });

  it.runIf(isRoot)('runs as the owner of the folder, for root, also when that is nobody', async () => {
    const folder = join(dataDir, 'of-nobody');
    mkdirSync(join(folder, 'postgres'), { recursive: true });
    chownSync(join(folder, 'postgres'), 65_534, 65_534);
    const server = await start(folder);
    expect(statSync(`/proc/${server.pid}`).uid).toBe(65_534);
    await server.stop();
  });
});

/** Twenty times as fast, so that patience with a silent server does not cost the test its real time. */
const fastClock: Clock = { ...realClock, monotonicMs: () => realClock.monotonicMs() * 20 };

async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 1000 && !holds(); round += 1) {
    await realClock.sleep(5);
  }
  expect(holds()).toBe(true);
}

async function startedAgain(killed: number): Promise<number> {
  const file = join(embeddedPaths(dataDir, tmpdir()).home, 'data', 'postmaster.pid');
  const now = (): number => {
    const postmaster = readPostmaster(clusterOf(dataDir));
    const isReady = postmaster.kind === 'running' && readFileSync(file, 'utf8').includes('ready');
    return isReady ? postmaster.pid : killed;
  };
  await until(() => now() !== killed);
  return now();
}
