import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/** A file that is being stored. */
export interface FileStart {
  readonly id: string;
  readonly workspaceId: string;
  /** The only channel that may send it. Null: each channel of the workspace. */
  readonly channelId: string | null;
  readonly name: string | null;
  readonly mediaType: string | null;
  /** What the file counts of the room of its workspace, until it is complete. Absent: nothing. */
  readonly countedBytes?: number | undefined;
}

/** A file that is complete and has not expired. */
export interface StoredFile extends Omit<FileStart, 'countedBytes'> {
  readonly sizeBytes: number;
  readonly expiresAt: Date;
}

/** Long enough for a slow upload. */
const startedLife = '1 hour';
const completeLife = '24 hours';

/** Nothing uses the file until it is complete. */
export async function startFile(
  db: Pool,
  { id, workspaceId, channelId, name, mediaType, countedBytes = 0 }: FileStart,
): Promise<void> {
  await db.query({
    name: 'start-file',
    text: `insert into files (id, workspace_id, channel_id, name, media_type, counted_bytes, expires_at)
      values ($1, $2, $3, $4, $5, $6, now() + interval '${startedLife}')`,
    values: [id, workspaceId, channelId, name, mediaType, countedBytes],
  });
}

/** Changes what a file counts of the room of its workspace. */
export async function countFile(db: Pool, workspaceId: string, id: string, countedBytes: number): Promise<void> {
  await db.query({
    name: 'count-file',
    text: 'update files set counted_bytes = $3 where id = $1 and workspace_id = $2',
    values: [id, workspaceId, countedBytes],
  });
}

export interface RoomTaken {
  readonly bytes: number;
  /** When the first of those that are complete expires. Null if there is none. */
  readonly firstExpiresAt: Date | null;
}

/** What the uploads of a workspace count, those that arrive included. */
export async function readRoomTaken(db: Pool, workspaceId: string): Promise<RoomTaken> {
  const { rows } = await db.query<{ bytes: string; first_expires_at: Date | null }>({
    name: 'read-room-taken',
    text: `select coalesce(sum(counted_bytes), 0)::text as bytes, 
        min(expires_at) filter (where size_bytes is not null) as first_expires_at
      from files where workspace_id = $1 and counted_bytes > 0 and expires_at > now()`,
    values: [workspaceId],
  });
  return { bytes: Number(rows[0]?.bytes ?? 0), firstExpiresAt: rows[0]?.first_expires_at ?? null };
}

export interface FileChunk {
  readonly fileId: string;
  readonly workspaceId: string;
  /** From 0. */
  readonly number: number;
  readonly content: Buffer;
}

export async function addFileChunk(db: Pool, { fileId, workspaceId, number, content }: FileChunk): Promise<void> {
  await db.query({
    name: 'add-file-chunk',
    text: 'insert into file_chunks (file, workspace_id, number, content) values ($1, $2, $3, $4)',
    values: [fileId, workspaceId, number, content],
  });
}

/** All chunks are there. */
export async function completeFile(
  db: Pool,
  { id, workspaceId, sizeBytes, mediaType }: Pick<StoredFile, 'id' | 'workspaceId' | 'sizeBytes' | 'mediaType'>,
): Promise<StoredFile> {
  const { rows } = await db.query<Row>({
    name: 'complete-file',
    text: `update files set size_bytes = $3, media_type = $4, expires_at = now() + interval '${completeLife}'
      where id = $1 and workspace_id = $2 returning ${columns}`,
    values: [id, workspaceId, sizeBytes, mediaType],
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`the file ${id} was deleted while it was being stored`);
  return decode(row);
}

/** Keeps files until a day after `until`, if they would expire before: a scheduled message needs them then. */
export async function keepFiles(db: Pool, workspaceId: string, ids: readonly string[], until: Date): Promise<void> {
  await db.query({
    name: 'keep-files',
    text: `update files set expires_at = greatest(expires_at, $3::timestamptz + interval '${completeLife}')
      where workspace_id = $1 and id = any ($2)`,
    values: [workspaceId, ids, until],
  });
}

/** Deletes a file, complete or not, with its chunks. */
export async function discardFile(db: Pool, workspaceId: string, id: string): Promise<void> {
  await db.query({
    name: 'discard-file',
    text: 'delete from files where id = $1 and workspace_id = $2',
    values: [id, workspaceId],
  });
}

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly channel_id: string | null;
  readonly name: string | null;
  readonly media_type: string | null;
  readonly size_bytes: number;
  readonly expires_at: Date;
}

const columns = 'id, workspace_id, channel_id, name, media_type, size_bytes, expires_at';

const decode = (row: Row): StoredFile => ({
  id: row.id,
  workspaceId: row.workspace_id,
  channelId: row.channel_id,
  name: row.name,
  mediaType: row.media_type,
  sizeBytes: row.size_bytes,
  expiresAt: row.expires_at,
});

export async function readFile(db: Pool, workspaceId: string, id: string): Promise<StoredFile | null> {
  const { rows } = await db.query<Row>({
    name: 'read-file',
    text: `select ${columns} from files
      where id = $1 and workspace_id = $2 and size_bytes is not null and expires_at > now()`,
    values: [id, workspaceId],
  });
  return rows[0] === undefined ? null : decode(rows[0]);
}

/** One chunk of a file. Null behind its last one. */
export async function readFileChunk(db: Pool, workspaceId: string, id: string, number: number): Promise<Buffer | null> {
  const { rows } = await db.query<{ content: Buffer }>({
    name: 'read-file-chunk',
    text: 'select content from file_chunks where file = $1 and workspace_id = $2 and number = $3',
    values: [id, workspaceId, number],
  });
  return rows[0]?.content ?? null;
}

/** The queries of `store.files`. */
export const files = (db: Pool) =>
  bindQueries(db, {
    start: startFile,
    count: countFile,
    readRoomTaken,
    addChunk: addFileChunk,
    complete: completeFile,
    discard: discardFile,
    keep: keepFiles,
    read: readFile,
    readChunk: readFileChunk,
  });
