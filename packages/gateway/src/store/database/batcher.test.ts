import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { describe, expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

const { pool } = await freshDatabase();

/** A statement that ends when the test says so, and a record of the rows that ran. */
function deskOf(options: { readonly rowsMax?: number; readonly conflictKey?: (row: string) => string } = {}) {
  const runs: string[][] = [];
  const open: { rows: readonly string[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const scheduled: (() => void)[] = [];
  let inFlightMax = 0;
  let inFlight = 0;
  const run = (rows: readonly string[]): Promise<string[]> => {
    runs.push([...rows]);
    inFlight += 1;
    inFlightMax = Math.max(inFlightMax, inFlight);
    return new Promise<string[]>((resolve, reject) => {
      open.push({ rows, finish: () => resolve(rows.map((row) => `${row}!`)), fail: reject });
    }).finally(() => {
      inFlight -= 1;
    });
  };
  const batcher = createBatcher<string, string>({
    runOne: async (row) => (await run([row]))[0] ?? '',
    runMany: run,
    schedule: (next) => {
      scheduled.push(next);
    },
    isRolledBack: (error) => error instanceof Error && error.message === 'refused',
    ...options,
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    submit: batcher.submit,
    runs,
    /** Ends the current turn of the event loop. */
    turn: async () => {
      for (const next of scheduled.splice(0)) next();
      await settle();
    },
    finish: async () => {
      open.shift()?.finish();
      await settle();
    },
    fail: async (message: string) => {
      open.shift()?.fail(new Error(message));
      await settle();
    },
    inFlightMax: () => inFlightMax,
  };
}

describe('a batcher', () => {
  it('runs a single row alone at the end of the turn, not before', async () => {
    const desk = deskOf();
    const answer = desk.submit('a');
    expect(desk.runs).toEqual([]);
    await desk.turn();
    expect(desk.runs).toEqual([['a']]);
    await desk.finish();
    expect(await answer).toBe('a!');
  });

  it('batches the rows of one turn, and the rows that arrive while a statement runs', async () => {
    const desk = deskOf();
    const first = [desk.submit('a'), desk.submit('b')];
    await desk.turn();
    const second = [desk.submit('c'), desk.submit('d'), desk.submit('e')];
    await desk.turn();
    expect(desk.runs).toEqual([['a', 'b']]);
    await desk.finish();
    await desk.turn();
    await desk.finish();
    expect(desk.runs).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    expect(await Promise.all([...first, ...second])).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
    expect(desk.inFlightMax()).toBe(1);
  });

  it('accepts the next row after it was idle', async () => {
    const desk = deskOf();
    const first = desk.submit('a');
    await desk.turn();
    await desk.finish();
    await desk.turn();
    const second = desk.submit('b');
    await desk.turn();
    await desk.finish();
    expect(await Promise.all([first, second])).toEqual(['a!', 'b!']);
  });

  it('puts at most rowsMax rows in a batch', async () => {
    const desk = deskOf({ rowsMax: 2 });
    const answers = ['a', 'b', 'c'].map(desk.submit);
    for (let round = 0; round < 2; round += 1) {
      await desk.turn();
      await desk.finish();
    }
    await Promise.all(answers);
    expect(desk.runs).toEqual([['a', 'b'], ['c']]);
  });

  it('runs rows with the same key in separate batches and in order', async () => {
    const desk = deskOf({ conflictKey: (row) => row.charAt(0) });
    const answers = ['x1', 'x2', 'y1', 'x3', 'y2'].map(desk.submit);
    for (let round = 0; round < 3; round += 1) {
      await desk.turn();
      await desk.finish();
    }
    await Promise.all(answers);
    expect(desk.runs).toEqual([['x1', 'y1'], ['x2', 'y2'], ['x3']]);
  });
});

describe('a batch that fails', () => {
  it('runs its rows one by one if PostgreSQL refused it, so that each row has its own outcome', async () => {
    const desk = deskOf();
    const answers = ['a', 'b', 'c'].map(desk.submit);
    const outcomes = Promise.allSettled(answers);
    await desk.turn();
    await desk.fail('refused');
    await desk.finish();
    await desk.fail('row b is bad');
    await desk.finish();
    expect(await outcomes).toMatchObject([
      { status: 'fulfilled', value: 'a!' },
      { status: 'rejected', reason: { message: 'row b is bad' } },
      { status: 'fulfilled', value: 'c!' },
    ]);
    expect(desk.runs).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('fails every row and runs none again if it is not known whether the batch was stored', async () => {
    const desk = deskOf();
    const outcomes = Promise.allSettled(['a', 'b'].map(desk.submit));
    await desk.turn();
    await desk.fail('connection lost');
    expect(await outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(desk.runs).toEqual([['a', 'b']]);
  });

  it('commits five hundred concurrent rows in few statements, and only the bad one fails', async () => {
    await pool.query('create table numbers (value integer primary key check (value <> 250))');
    let statements = 0;
    const insert = async (values: readonly number[]): Promise<number[]> => {
      statements += 1;
      const { rows } = await pool.query<{ value: number }>(
        'insert into numbers select unnest($1::int[]) returning value',
        [values],
      );
      return rows.map((row) => row.value);
    };
    const batcher = createBatcher<number, number>({
      runOne: async (value) => (await insert([value]))[0] ?? Number.NaN,
      runMany: insert,
      schedule: (next) => {
        setImmediate(next);
      },
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, (_, value) => batcher.submit(value)));
    const failed = outcomes.flatMap((outcome, value) => (outcome.status === 'rejected' ? [value] : []));
    expect(failed).toEqual([250]);
    const { rows } = await pool.query('select count(*) as count from numbers');
    expect(rows).toEqual([{ count: 499 }]);
    // Four batches, and one of them runs again row by row.
    expect(statements).toBe(4 + 128);
  });
});
