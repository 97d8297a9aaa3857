import type pg from 'pg';
import { isErrorCode } from '../../errors/error-code.ts';
import type { Clock, Random } from '../../ports/clock.ts';

/** A connection inside a transaction. */
export type Tx = pg.PoolClient;

export interface ConflictRetry {
  readonly clock: Clock;
  readonly random: Random;
  /** The most runs, the first one included. Default: 6. */
  readonly attemptsMax?: number;
}

/**
 * Whether PostgreSQL rolled the work back because of another transaction, so that a retry can succeed: 40001, or
 * 40P01 (deadlock).
 */
export function isConflict(error: unknown): boolean {
  return isErrorCode(error, '40001', '40P01');
}

/**
 * Runs `run` again after a conflict. Before each retry it waits a random time below a limit that doubles from 5 ms to
 * 160 ms.
 */
export async function retryConflicts<Result>(
  run: () => Promise<Result>,
  { clock, random, attemptsMax = 6 }: ConflictRetry,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isConflict(error) || attempt >= attemptsMax) {
        throw error;
      }
      await clock.sleep(random.uniform() * 5 * 2 ** Math.min(attempt - 1, 5));
    }
  }
}

/**
 * Runs `run` in one transaction. After a conflict it runs again from the start, so `run` must have no effects outside
 * the database. Every other error rolls back and is thrown unchanged. A connection lost during the commit leaves the
 * outcome unknown, and is not retried.
 */
export function inTransaction<Result>(
  pool: pg.Pool,
  run: (tx: Tx) => Promise<Result>,
  retry: ConflictRetry,
): Promise<Result> {
  return retryConflicts(() => runOnce(pool, run), retry);
}

async function runOnce<Result>(pool: pg.Pool, run: (tx: Tx) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await run(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => {
      broken = new Error('The connection is in an unknown state and must not be used again.', { cause });
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
