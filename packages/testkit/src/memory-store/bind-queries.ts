import { createBatcher } from '@chatferry/gateway/internal/store/database/batcher';
import type { MemoryDatabase } from './database.ts';

/** Runs one statement of a process: at once, or as late and unreliably as a network and a server can. */
export type RunStatement = <T>(name: string, statement: () => T) => Promise<T>;

type Statement = (db: MemoryDatabase, ...args: never[]) => unknown;

type Bound<S extends Statement> = S extends (db: MemoryDatabase, ...args: infer A) => infer R
  ? (...args: A) => Promise<R>
  : never;

/** What a namespace of the store needs: the database, the number of the process, and what runs its statements. */
export type QueryBinder = ReturnType<typeof createQueryBinder>;

export function createQueryBinder(
  db: MemoryDatabase,
  parts: { readonly epoch: number; readonly run: RunStatement; readonly schedule: (run: () => void) => void },
) {
  const { epoch, run, schedule } = parts;
  return {
    epoch,
    /** Binds the statements of a namespace. Each runs as `namespace.query`. */
    bind: <Q extends Readonly<Record<string, Statement>>>(
      namespace: string,
      statements: Q,
    ): { readonly [N in keyof Q]: Bound<Q[N]> } =>
      Object.fromEntries(
        Object.entries(statements).map(([name, statement]) => [
          name,
          (...args: unknown[]) => run(`${namespace}.${name}`, () => statement(db, ...(args as never[]))),
        ]),
      ) as { readonly [N in keyof Q]: Bound<Q[N]> },
    /** Binds a statement for many rows to the real batcher. `name` is `namespace.query`. */
    batch: <Row, Result>(
      name: string,
      runMany: (db: MemoryDatabase, rows: readonly Row[]) => readonly Result[],
      conflictKey: (row: Row) => string,
    ) =>
      createBatcher<Row, Result>({
        runMany: (rows) => run(name, () => runMany(db, rows)),
        runOne: (row) => run(name, () => runMany(db, [row])[0] as Result),
        conflictKey,
        schedule,
      }).submit,
  };
}
