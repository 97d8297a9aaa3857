import { join } from 'node:path';
import { openDatabase, type TestDatabase } from '@chatferry/testkit/postgres/postgres';
import type { TestContext } from 'vitest';
import { openProcessRig, type ProcessRig, type Programs, type RunningGateway } from './process-rig.ts';
import { setDatabaseAway } from './set-database-away.ts';

type Settings = Readonly<Record<string, string>>;

/** Gateways on one given PostgreSQL, each a process of its own. */
export interface ReplicaRig extends ProcessRig {
  readonly database: TestDatabase;
  readonly dataDir: string;
  /** `more`: settings beside those that all replicas share. */
  start(more?: Settings): Promise<RunningGateway>;
  startInVain: (more?: Settings) => ReturnType<ProcessRig['startInVain']>;
  /** Ends all connections and refuses new ones, as a server that stops does; and lets them in again. */
  setAway(isAway: boolean): Promise<void>;
}

/** With an empty database: the first gateway makes the tables. Everything is closed when the test has finished. */
export async function openReplicaRig({ onTestFinished }: TestContext, programs?: Programs): Promise<ReplicaRig> {
  const rig = await openProcessRig(programs);
  const database = await openDatabase('template0');
  const dataDir = join(rig.folder, 'data');
  const shared = {
    DATABASE_URL: toUrl(database),
    CHATFERRY_DATA_DIR: dataDir,
    CHATFERRY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    // All tests share one server, which has a hundred connections.
    CHATFERRY_DATABASE_CONNECTIONS_MAX: '5',
  };
  onTestFinished(async () => {
    await rig.close();
    await setDatabaseAway(database, false);
    await database.drop();
  });
  return {
    ...rig,
    database,
    dataDir,
    start: (more) => rig.start({ ...shared, ...more }),
    startInVain: (more) => rig.startInVain({ ...shared, ...more }),
    setAway: (isAway) => setDatabaseAway(database, isAway),
  };
}

/** A connection, as DATABASE_URL takes it. PostgreSQL: a `host` that is a folder is the folder of the socket. */
export function toUrl({ connection }: TestDatabase): string {
  if (typeof connection === 'string') return connection;
  const query = new URLSearchParams({ host: connection.host, port: String(connection.port) });
  return `postgres://${connection.user}@/${connection.database}?${query}`;
}
