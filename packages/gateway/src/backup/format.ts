import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { errorCodeOf } from '../errors/error-code.ts';
import { StartError } from '../errors/start-error.ts';

/**
 * A backup is one gzipped text file with one JSON value per line: the header; for each table `["table", name]` and
 * then its rows as the objects that PostgreSQL writes; at the end `["end", {…}]` with the SHA-256 of all previous
 * lines. It can be read with zcat.
 */
export const formatName = 'chatferry backup';
export const formatVersion = 1;

/** The columns of the table `installation` that a backup contains. */
export const sealedKeyColumns = ['key_pepper', 'audit_key'] as const;
export type SealedKeyColumn = (typeof sealedKeyColumns)[number];

export interface BackupHeader {
  readonly format: typeof formatName;
  readonly version: typeof formatVersion;
  readonly made_at: string;
  /** The migrations of the schema. */
  readonly migrations: readonly { readonly number: number; readonly name: string; readonly checksum: string }[];
  /** The ids of the master keys with which its secrets are sealed. */
  readonly master_keys: readonly string[];
  /** The days of the partitioned tables, `YYYYMMDD`. */
  readonly partitions: Readonly<Record<string, readonly string[]>>;
  readonly sequences: Readonly<Record<string, string>>;
  /** The era of the event log. Absent in backups of an earlier version. */
  readonly event_era?: number;
  /** The keys of the installation, as they are sealed, in base64. Absent in backups of an earlier version. */
  readonly sealed_keys?: Readonly<Partial<Record<SealedKeyColumn, string>>>;
}

export interface BackupEnd {
  readonly rows: number;
  readonly sha256: string;
}

export type BackupLine =
  | { readonly kind: 'table'; readonly table: string }
  /** A row of the last table, as JSON text: numbers may be larger than JavaScript's. */
  | { readonly kind: 'row'; readonly row: string };

/** Counts and hashes lines, for the writer and for the reader. */
export function createTally() {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    add(line: string): void {
      hash.update(line).update('\n');
      if (line.startsWith('{')) rows += 1;
    },
    /** The header is an object too, but it is not a row. */
    end: (): BackupEnd => ({ rows: rows - 1, sha256: hash.digest('hex') }),
  };
}

/**
 * Opens a backup and returns its header. Reading the lines rejects with a `StartError` if the file is cut off or
 * changed.
 */
export async function readBackup(
  file: string,
): Promise<{ readonly header: BackupHeader; readonly lines: AsyncIterable<BackupLine>; close(): void }> {
  const source = createReadStream(file);
  const unzipped = source.pipe(createGunzip());
  source.on('error', (cause) => unzipped.destroy(cause));
  const reader = createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY });
  const failed = new Promise<never>((_, reject) => unzipped.on('error', reject));
  failed.catch(() => undefined);
  const texts = reader[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<string>> => {
    try {
      return await Promise.race([texts.next(), failed]);
    } catch (cause) {
      throw explainReadError(file, cause);
    }
  };
  const close = (): void => {
    reader.close();
    source.destroy();
    unzipped.destroy();
  };

  const tally = createTally();
  const first = await next();
  const header = first.done ? null : parseHeader(first.value);
  if (header === null || first.done) {
    close();
    throw new StartError(`${file} is not a backup of Chatferry, or it was made by a newer version.`);
  }
  tally.add(first.value);

  async function* lines(): AsyncGenerator<BackupLine> {
    for (;;) {
      const { value: text, done } = await next();
      if (done) throw damaged(file, 'it ends too early');
      if (text.startsWith('{')) {
        tally.add(text);
        yield { kind: 'row', row: text };
        continue;
      }
      const [what, content] = JSON.parse(text);
      if (what === 'end') {
        const { rows, sha256 } = tally.end();
        if (rows !== content.rows || sha256 !== content.sha256) throw damaged(file, 'its checksum is wrong');
        return;
      }
      tally.add(text);
      yield { kind: 'table', table: String(content) };
    }
  }
  return { header, lines: lines(), close };
}

function parseHeader(line: string): BackupHeader | null {
  try {
    const header = JSON.parse(line);
    return header.format === formatName && header.version === formatVersion ? header : null;
  } catch {
    return null;
  }
}

const damaged = (file: string, why: string): StartError =>
  new StartError(`The backup ${file} is damaged: ${why}. Nothing was restored. Use another backup.`);

function explainReadError(file: string, cause: unknown): unknown {
  const code = errorCodeOf(cause) ?? '';
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return new StartError(`The backup ${file} cannot be read (${code}). Check the path and its permissions.`, {
      cause,
    });
  if (code === 'Z_BUF_ERROR') return damaged(file, 'it ends too early');
  return code.startsWith('Z_') ? damaged(file, 'it cannot be unpacked') : cause;
}
