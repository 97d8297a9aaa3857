/**
 * Group commit by the application: all rows that arrive while one statement runs share the next statement, with one
 * round trip and one flush. There is no timer. A single row starts at the end of the current turn of the event loop,
 * and uses the statement for one row, which PostgreSQL plans once.
 */
export interface BatcherOptions<Row, Result> {
  runOne(row: Row): Promise<Result>;
  /** Runs one statement for all rows. The results have the order of the rows. */
  runMany(rows: readonly Row[]): Promise<readonly Result[]>;
  /** Starts a batch once everything that is ready has been submitted: `setImmediate`. */
  schedule(run: () => void): void;
  /** Default: 128. */
  readonly rowsMax?: number;
  /** Rows with the same key never share a batch, and keep their order. */
  conflictKey?(row: Row): string;
  /**
   * Whether a failed batch certainly changed nothing. Only then its rows run one by one, so that a bad row does not
   * fail the others. Otherwise (a lost connection) a second run could do the work twice, so every row fails with the
   * error. Default: true if PostgreSQL itself refused the statement.
   */
  isRolledBack?(error: unknown): boolean;
}

export interface Batcher<Row, Result> {
  /** Resolves when this row is durable, and rejects with this row's own error. */
  submit(row: Row): Promise<Result>;
}

interface Waiting<Row, Result> {
  readonly row: Row;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Makes both ways to run a batch from one statement for many rows. */
export const rowBatches = <Row, Result>(runMany: (rows: readonly Row[]) => Promise<readonly Result[]>) => ({
  runMany,
  async runOne(row: Row): Promise<Result> {
    const [result] = await runMany([row]);
    if (result === undefined) throw new Error('A statement for one row returned no result.');
    return result;
  },
});

/** Starts a batch once everything that is ready has been submitted: `setImmediate`. */
export type Schedule = (run: () => void) => void;

/** At most one batch is in flight per batcher. */
export function createBatcher<Row, Result>(options: BatcherOptions<Row, Result>): Batcher<Row, Result> {
  const { rowsMax = 128, isRolledBack = isRefusedByServer } = options;
  let queue: Waiting<Row, Result>[] = [];
  let isBusy = false;

  const takeBatch = (): Waiting<Row, Result>[] => {
    const { conflictKey } = options;
    const limit = (): number => Math.min(rowsMax, queue.length);
    if (conflictKey === undefined) {
      return queue.splice(0, limit());
    }
    const keys = new Set<string>();
    const batch: Waiting<Row, Result>[] = [];
    const later: Waiting<Row, Result>[] = [];
    for (const waiting of queue) {
      const key = conflictKey(waiting.row);
      if (batch.length < rowsMax && !keys.has(key)) {
        batch.push(waiting);
      } else {
        later.push(waiting);
      }
      keys.add(key);
    }
    queue = later;
    return batch;
  };

  const runAlone = async ({ row, resolve, reject }: Waiting<Row, Result>): Promise<void> => {
    try {
      resolve(await options.runOne(row));
    } catch (error) {
      reject(error);
    }
  };

  const runTogether = async (batch: readonly Waiting<Row, Result>[]): Promise<void> => {
    let results: readonly Result[];
    try {
      results = await options.runMany(batch.map(({ row }) => row));
    } catch (error) {
      for (const waiting of batch) {
        if (isRolledBack(error)) {
          await runAlone(waiting);
        } else {
          waiting.reject(error);
        }
      }
      return;
    }
    for (const [index, waiting] of batch.entries()) {
      if (results.length === batch.length) {
        waiting.resolve(results[index] as Result);
      } else {
        waiting.reject(new Error(`A batch of ${batch.length} rows came back with ${results.length} results.`));
      }
    }
  };

  const next = (): void => {
    const batch = takeBatch();
    const [first] = batch;
    if (first === undefined) {
      isBusy = false;
      return;
    }
    const work = batch.length === 1 ? runAlone(first) : runTogether(batch);
    // The promise never rejects: every error goes to the caller of its row.
    void work.then(() => options.schedule(next));
  };

  return {
    submit: (row) =>
      new Promise<Result>((resolve, reject) => {
        queue.push({ row, resolve, reject });
        if (!isBusy) {
          isBusy = true;
          options.schedule(next);
        }
      }),
  };
}

/** Errors of PostgreSQL have a severity. Errors of the connection do not. */
function isRefusedByServer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR';
}
