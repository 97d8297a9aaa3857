import type { Pool, PoolClient } from 'pg';
import { StartError } from '../errors/start-error.ts';
import { bindQueries } from './database/bind-queries.ts';
import { type SealedColumn, sealedColumns } from './sealed-columns.ts';

/** A sealed value and its place. */
export interface SealedValue {
  readonly column: SealedColumn;
  /** The values of the key columns, in the order of `key`. */
  readonly key: readonly string[];
  readonly sealed: Buffer;
}

const columns: readonly SealedColumn[] = Object.values(sealedColumns);

/** The condition for rows with a secret. Deleted rows, and rows that have no secret yet, have an empty value. */
const hasValue = ({ column, where }: SealedColumn): string =>
  `length(${column}) > 0${where === undefined ? '' : ` and ${where}`}`;

/** The ids of all master keys with which values in the database are sealed. */
export async function listSealingKeys(db: Pool | PoolClient): Promise<readonly string[]> {
  const selects = columns.map(
    (one) =>
      `select substring(${one.column} from 3 for get_byte(${one.column}, 1)) as id
       from ${one.table} where ${hasValue(one)}`,
  );
  const { rows } = await db.query<{ id: Buffer }>(selects.join('\nunion\n'));
  return rows.map(({ id }) => id.toString('utf8')).sort();
}

/** Rejects with a `StartError` if a value is sealed with a master key that is not among `keys`. */
export async function assertOpenable(db: Pool, keys: readonly { readonly id: string }[]): Promise<void> {
  const known = new Set(keys.map(({ id }) => id));
  const missing = (await listSealingKeys(db)).filter((id) => !known.has(id));
  if (missing.length === 0) return;
  throw new StartError(
    `Secrets in the database are sealed with the master key ${missing.join(' and ')}, which this gateway does not have. ` +
      `It has ${[...known].join(' and ')}. Add the missing key to master.key.others in the data folder, or to ` +
      'CHATFERRY_OTHER_MASTER_KEYS, and start again.',
  );
}

/** Values that are sealed with another master key than `keyId`, at most `limit` of each column. */
export async function listSealedWithOtherKeys(db: Pool, keyId: string, limit: number): Promise<readonly SealedValue[]> {
  const id = Buffer.from(keyId);
  const found = await Promise.all(
    columns.map(async (column) => {
      const { rows } = await db.query<{ key: readonly string[]; sealed: Buffer }>(
        `select array[${column.key.map((name) => `${name}::text`).join(', ')}] as key, ${column.column} as sealed
         from ${column.table} where ${hasValue(column)} and substring(${column.column} from 2 for $2) <> $1 limit $3`,
        [Buffer.concat([Buffer.from([id.length]), id]), id.length + 1, limit],
      );
      return rows.map(({ key, sealed }) => ({ column, key, sealed }));
    }),
  );
  return found.flat();
}

/**
 * Replaces a sealed value with `resealed`, the same secret under another key. False if the value has changed since.
 */
export async function replaceSealed(
  db: Pool,
  { column, key, sealed }: SealedValue,
  resealed: Buffer,
): Promise<boolean> {
  const isThisRow = column.key.map((name, index) => `${name}::text = $${index + 3}`).join(' and ');
  const { rowCount } = await db.query(
    `update ${column.table} set ${column.column} = $2 where ${column.column} = $1 and ${isThisRow}`,
    [sealed, resealed, ...key],
  );
  return rowCount === 1;
}

/** The queries of `store.sealedValues`. */
export const sealedValues = (db: Pool) => bindQueries(db, { listSealedWithOtherKeys, replace: replaceSealed });
