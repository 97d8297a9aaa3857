import type { Pool } from 'pg';

type Query = (db: Pool, ...args: never[]) => unknown;

/** The same queries without their first parameter. */
export type BoundQueries<Q> = {
  readonly [N in keyof Q]: Q[N] extends (db: Pool, ...args: infer A) => infer R ? (...args: A) => R : never;
};

/** Binds the queries of a table to a pool: `bindQueries(db, { read: readChat }).read(id)` runs `readChat(db, id)`. */
export function bindQueries<Q extends Readonly<Record<string, Query>>>(db: Pool, queries: Q): BoundQueries<Q> {
  const bound = Object.entries(queries).map(([name, query]) => [
    name,
    (...args: unknown[]) => query(db, ...(args as never[])),
  ]);
  return Object.fromEntries(bound) as BoundQueries<Q>;
}
