import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { createPartial } from '../data-folder/create-file.ts';
import { flushFolder } from '../data-folder/flush-folder.ts';
import { isErrorCode } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';
import { listSealingKeys } from '../store/sealed-values.ts';
import {
  type BackupEnd,
  type BackupHeader,
  createTally,
  formatName,
  formatVersion,
  type SealedKeyColumn,
  sealedKeyColumns,
} from './format.ts';
import { listPartitions, listTables } from './tables.ts';

/** How many rows are in memory at once. A row may have a megabyte. */
const rowsAtOnce = 50;

/**
 * Writes a consistent copy of all data to one file, while the gateway runs. The file gets its name when it is
 * complete and flushed. An existing file is never overwritten: then this rejects with a `StartError`.
 */
export async function writeBackup(pool: pg.Pool, file: string, madeAtMs: number): Promise<BackupEnd> {
  await refuseExisting(file);
  // Conversations go into it, so it must be a new file that only its owner can read.
  const { partial, handle } = await createPartial(file);
  const client = await pool.connect();
  let result: BackupEnd | null = null;
  try {
    await client.query('begin isolation level repeatable read read only');
    const lines = backupLines(client, madeAtMs, (end) => {
      result = end;
    });
    await pipeline(Readable.from(lines), createGzip(), handle.createWriteStream({ flush: true }));
    await refuseExisting(file);
    await rename(partial, file);
    await flushFolder(dirname(file));
  } catch (cause) {
    await rm(partial, { force: true });
    throw cause;
  } finally {
    // The transaction only reads, so the connection can be closed at any time.
    client.release(true);
  }
  if (result === null) throw new Error('The backup has no end line.');
  return result;
}

async function refuseExisting(file: string): Promise<void> {
  try {
    await stat(file);
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return;
    throw cause;
  }
  throw new StartError(`The file ${file} already exists. Name another one: a backup never overwrites a file.`);
}

async function* backupLines(
  client: pg.PoolClient,
  madeAtMs: number,
  onEnd: (end: BackupEnd) => void,
): AsyncGenerator<string> {
  const tally = createTally();
  const line = (text: string): string => {
    tally.add(text);
    return `${text}\n`;
  };
  yield line(JSON.stringify(await headerOf(client, madeAtMs)));
  for (const table of await listTables(client)) {
    yield line(JSON.stringify(['table', table]));
    yield* rowsOf(client, table, line);
  }
  const end = tally.end();
  onEnd(end);
  yield `${JSON.stringify(['end', end])}\n`;
}

async function* rowsOf(client: pg.PoolClient, table: string, line: (text: string) => string): AsyncGenerator<string> {
  await client.query(`declare rows no scroll cursor for select row_to_json(t)::text as row from ${table} t`);
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${rowsAtOnce} from rows`);
    if (rows.length === 0) break;
    yield rows.map(({ row }) => line(onOneLine(row))).join('');
  }
  await client.query('close rows');
}

/**
 * PostgreSQL puts line breaks only between the tokens of a json column. It leaves Unicode's line and paragraph
 * separators in strings unchanged, and Node 24 and later would end a line there.
 */
const onOneLine = (row: string): string =>
  row.replaceAll('\n', ' ').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

async function headerOf(client: pg.PoolClient, madeAtMs: number): Promise<BackupHeader> {
  const { rows: migrations } = await client.query(
    'select number, name, checksum from schema_migrations order by number',
  );
  const { rows: sequences } = await client.query<{ name: string; value: string | null }>(
    `select sequencename as name, last_value::text as value from pg_sequences where schemaname = current_schema()`,
  );
  return {
    format: formatName,
    version: formatVersion,
    made_at: new Date(madeAtMs).toISOString(),
    migrations,
    master_keys: await listSealingKeys(client),
    partitions: await listPartitions(client),
    sealed_keys: await readSealedKeys(client),
    event_era: await readEventEra(client),
    sequences: Object.fromEntries(sequences.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]))),
  };
}

/** Zero in a schema from before the event log. */
async function readEventEra(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ era: number }>(
    `select coalesce((to_jsonb(i) ->> 'event_era')::int, 0) as era from installation i`,
  );
  return rows[0]?.era ?? 0;
}

async function readSealedKeys(client: pg.PoolClient): Promise<Readonly<Partial<Record<SealedKeyColumn, string>>>> {
  const { rows } = await client.query<Record<SealedKeyColumn, Buffer | null>>(
    `select ${sealedKeyColumns.join(', ')} from installation`,
  );
  const [row] = rows;
  const found = sealedKeyColumns.flatMap((column) => {
    const value = row?.[column] ?? null;
    return value === null ? [] : [[column, value.toString('base64')]];
  });
  return Object.fromEntries(found);
}
