import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  ask,
  clusterOf,
  endServerIn,
  kill,
  start,
  until,
  useDataFolders,
} from '@chatferry/testkit/postgres/embedded-harness';
import { realClock } from '@chatferry/testkit/postgres/temporary-postgres';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports/clock.ts';
import { embeddedPaths } from './paths.ts';
import { inspectProcess } from './process-state.ts';

const site = useDataFolders();

/** A clock that runs twenty times as fast, so that the test does not wait for a silent server in real time. */
const fastClock: Clock = { ...realClock, monotonicMs: () => realClock.monotonicMs() * 20 };

describe('an embedded server that survived its gateway', () => {
  it('is taken over, and stopped by the gateway that took it over', async () => {
    const { child, serverPid } = await site.gatewayProcess();
    await kill(child);
    const server = await start(site.dataDir);
    expect({ pid: server.pid, adopted: server.adopted }).toEqual({ pid: serverPid, adopted: true });
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
    expect(inspectProcess(server.pid).kind).not.toBe('alive');
  });

  it('is not ended by the Ctrl-C that ends the gateway', async () => {
    const { child, serverPid } = await site.gatewayProcess();
    await kill(child, 'SIGINT');
    const server = await start(site.dataDir);
    expect(server).toMatchObject({ pid: serverPid, adopted: true });
    await server.stop();
  });

  it('is stopped and replaced if it does not answer', async () => {
    const { child, serverPid } = await site.gatewayProcess();
    const orphan = serverPid;
    await kill(child);
    process.kill(orphan, 'SIGSTOP');
    const server = await start(site.dataDir, fastClock);
    expect(server.adopted).toBe(false);
    expect(inspectProcess(orphan).kind).not.toBe('alive');
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
  });

  it('is stopped and replaced if its socket is gone', async () => {
    const { child, serverPid } = await site.gatewayProcess();
    await kill(child);
    rmSync(embeddedPaths(site.dataDir, tmpdir()).socketFolder, { recursive: true });
    const server = await start(site.dataDir, fastClock);
    expect(server.pid).not.toBe(serverPid);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
  });
});

describe('a lock file without a server', () => {
  const leaveLockFile = async (): Promise<string> => {
    const { child, serverPid } = await site.gatewayProcess();
    await kill(child);
    process.kill(serverPid, 'SIGKILL');
    return join(clusterOf(site.dataDir), 'postmaster.pid');
  };
  /** PostgreSQL only respects a process that it may send signals to. */
  const serverUser = (): { uid: number; gid: number } => {
    const { uid, gid } = statSync(clusterOf(site.dataDir));
    return { uid, gid };
  };
  const startsInSpiteOf = async (): Promise<void> => {
    const server = await start(site.dataDir);
    expect(server.adopted).toBe(false);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
  };
  const rename = (file: string, pid: number): void => {
    const [, ...rest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [String(pid), ...rest].join('\n'));
    const socketLock = join(embeddedPaths(site.dataDir, tmpdir()).socketFolder, '.s.PGSQL.5432.lock');
    writeFileSync(socketLock, `${pid}\n`);
  };

  it('does not prevent the next start', async () => {
    await leaveLockFile();
    await startsInSpiteOf();
  });

  it('does not prevent the next start if another program has the process id', async () => {
    const other = spawn('sleep', ['600'], { detached: true, ...serverUser() });
    site.track(other);
    rename(await leaveLockFile(), other.pid ?? 0);
    await startsInSpiteOf();
  });

  it.runIf(process.platform === 'linux')('nor when the number belongs to a zombie', async () => {
    // The shell is replaced by a program that never reaps its child.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      ...serverUser(),
    });
    site.track(parent);
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const zombie = Number(line);
    await until(() => inspectProcess(zombie).kind === 'zombie');
    rename(await leaveLockFile(), zombie);
    await startsInSpiteOf();
  });
});

describe('two gateways on one data folder', () => {
  it('can run one after the other, and the second one is told which gateway has the folder', async () => {
    const { pid } = await site.gatewayProcess();
    await expect(start(site.dataDir)).rejects.toThrow(`in use by the gateway with process id ${pid} on`);
  });

  it('that start at the same time on an empty folder: one runs and one is refused', async () => {
    const empty = join(site.emptyDir, 'empty');
    const both = await Promise.all([site.gatewayProcess(empty), site.gatewayProcess(empty)]);
    const winner = both.find(({ report }) => report.kind === 'ready');
    const loser = both.find(({ report }) => report.kind === 'refused');
    expect(loser?.report).toMatchObject({ message: expect.stringContaining(`process id ${winner?.pid}`) });
    await endServerIn(empty);
  });

  it('never stop the server of a living gateway, even if the server does not answer', async () => {
    const { pid, serverPid } = await site.gatewayProcess();
    const server = serverPid;
    process.kill(server, 'SIGSTOP');
    await expect(start(site.dataDir, fastClock)).rejects.toThrow(`process id ${pid}, whose PostgreSQL does not answer`);
    process.kill(server, 'SIGCONT');
    expect(inspectProcess(server).kind).toBe('alive');
  });

  it('detect each other through the socket if process ids are misleading, as between containers', async () => {
    const { pid } = await site.gatewayProcess();
    const file = join(clusterOf(site.dataDir), 'postmaster.pid');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^\d+/, '999999999'));
    await expect(start(site.dataDir)).rejects.toThrow(`process id ${pid}`);
    writeFileSync(file, text);
  });
});
