import { chownSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, clusterOf, start, until, useDataFolders } from '@chatferry/testkit/postgres/embedded-harness';
import { realClock, silentLog } from '@chatferry/testkit/postgres/temporary-postgres';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { readPostmaster } from './postmaster.ts';
import { inspectProcess } from './process-state.ts';
import { startEmbedded } from './start-embedded.ts';

const site = useDataFolders();
const isRoot = process.getuid?.() === 0;

describe('the embedded server', () => {
  it('is durable, uses UTF-8, listens on a private socket only, and gives the gateway a role that is not a superuser', async () => {
    const server = await start(site.dataDir);
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

  it('ends cleanly with stop, and has its data at the next start', async () => {
    const server = await start(site.dataDir);
    await server.stop();
    await server.stop();
    expect(inspectProcess(server.pid).kind).not.toBe('alive');
    expect(readPostmaster(clusterOf(site.dataDir))).toEqual({ kind: 'absent' });
    const again = await start(site.dataDir);
    expect(await ask(again, 'select word from kept')).toEqual(['kept']);
    await again.stop();
  });

  it('is started again if it is killed while the gateway runs', async () => {
    const server = await start(site.dataDir);
    process.kill(server.pid, 'SIGKILL');
    const next = await startedAgain(server.pid);
    expect(next).not.toBe(server.pid);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
    expect(inspectProcess(next).kind).not.toBe('alive');
  });

  it('is started again if it is killed during its restart', async () => {
    const lost: Error[] = [];
    const server = await startEmbedded({
      dataDir: site.dataDir,
      log: silentLog,
      clock: realClock,
      onLost: (cause) => lost.push(cause),
    });
    process.kill(server.pid, 'SIGKILL');
    const pidNow = (): number => {
      const postmaster = readPostmaster(clusterOf(site.dataDir));
      return postmaster.kind === 'running' ? postmaster.pid : server.pid;
    };
    await until(() => pidNow() !== server.pid);
    const recovering = pidNow();
    process.kill(recovering, 'SIGKILL');
    const next = await startedAgain(recovering);
    expect([server.pid, recovering]).not.toContain(next);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    expect(lost).toEqual([]);
    await server.stop();
  });

  it('has its socket in a private temporary folder if the path of the data folder is too long', async () => {
    const long = join(site.emptyDir, 'a'.repeat(90));
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

describe('an unusable data folder of the embedded server', () => {
  it('is refused if another major version wrote it', async () => {
    writeFileSync(join(clusterOf(site.dataDir), 'PG_VERSION'), '17\n');
    await expect(start(site.dataDir)).rejects.toThrow('written by PostgreSQL 17, and this gateway has PostgreSQL 18');
  });

  it('is refused if it has other files', async () => {
    rmSync(join(clusterOf(site.dataDir), 'PG_VERSION'));
    await expect(start(site.dataDir)).rejects.toThrow('has no PostgreSQL data');
  });

  it('is refused with the message of PostgreSQL if its files are damaged', async () => {
    writeFileSync(join(clusterOf(site.dataDir), 'postgresql.conf'), 'nonsense here\n');
    await expect(start(site.dataDir)).rejects.toThrow(/It says:\n.*unrecognized configuration parameter "nonsense"/);
  });

  it.runIf(isRoot)(
    "is refused if the server's user cannot enter it, and the error names the blocking folder",
    async () => {
      const closed = join(site.emptyDir, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      await expect(start(join(closed, 'data'))).rejects.toThrow(
        new RegExp(`may not enter ${closed} \\(mode 0700\\)[\\s\\S]*Choose a data folder[\\s\\S]*DATABASE_URL`),
      );
    },
  );

  it.runIf(isRoot)(
    'is used as its owner if the gateway runs as root, even if that is the system user nobody',
    async () => {
      const folder = join(site.emptyDir, 'owned');
      mkdirSync(join(folder, 'postgres'), { recursive: true });
      chownSync(join(folder, 'postgres'), 65_534, 65_534);
      const server = await start(folder);
      expect(statSync(`/proc/${server.pid}`).uid).toBe(65_534);
      await server.stop();
    },
  );
});

async function startedAgain(killed: number): Promise<number> {
  const cluster = clusterOf(site.dataDir);
  const now = (): number => {
    const postmaster = readPostmaster(cluster);
    const isReady =
      postmaster.kind === 'running' && readFileSync(join(cluster, 'postmaster.pid'), 'utf8').includes('ready');
    return isReady ? postmaster.pid : killed;
  };
  await until(() => now() !== killed);
  return now();
}

describe('the role of the running gateway in the embedded database', () => {
  const mayCreate = `select rolcreatedb from pg_roles where rolname = 'chatferry'`;
  const owners = `select pg_get_userbyid(datdba)::text from pg_database where datname = 'chatferry'
    union all select pg_get_userbyid(relowner)::text from pg_class where relname = 'kept'`;

  it('owns nothing, and may not create tables', async () => {
    const server = await start(site.dataDir);
    const client = new pg.Client(server.connection);
    await client.connect();
    await expect(client.query('create table mine (id int)')).rejects.toThrow('permission denied for schema public');
    await expect(client.query('select word from kept')).rejects.toThrow('permission denied for table kept');
    await client.end();
    expect(await ask(server, owners)).toEqual(['chatferry_owner', 'chatferry_owner']);
    await server.stop();
  });

  it('hands over what it owned in the data folder of an earlier version', async () => {
    const before = await start(site.dataDir);
    const superuser = new pg.Client({ ...before.connection, user: 'postgres' });
    await superuser.connect();
    await superuser.query('alter table kept owner to chatferry');
    await superuser.query('alter database chatferry owner to chatferry');
    await superuser.query('alter role chatferry createdb');
    await superuser.end();
    await before.stop();
    const server = await start(site.dataDir);
    expect(await ask(server, owners)).toEqual(['chatferry_owner', 'chatferry_owner']);
    expect(await ask(server, mayCreate)).toEqual([false]);
    expect(await ask(server, 'select word from kept')).toEqual(['kept']);
    await server.stop();
  });

  it('takes the right to create databases from it, also if an earlier start died after the tables were handed over', async () => {
    const before = await start(site.dataDir);
    const superuser = new pg.Client({ ...before.connection, user: 'postgres' });
    await superuser.connect();
    await superuser.query('alter role chatferry createdb');
    await superuser.end();
    await before.stop();
    const server = await start(site.dataDir);
    expect(await ask(server, mayCreate)).toEqual([false]);
    await server.stop();
  });
});
