import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { realClock } from '@chatferry/testkit/postgres/temporary-postgres';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock, Random } from '../../ports/clock.ts';
import { inTransaction } from './transaction.ts';

const { pool } = await freshDatabase();

let waits: number[] = [];
const clock: Clock = {
  ...realClock,
  sleep: async (delayMs) => {
    waits.push(delayMs);
  },
};
const random: Random = {
  uniform: () => 0.5,
  bytes: (count) => Buffer.alloc(count),
  uuid: () => '00000000-0000-0000-0000-000000000000',
};

beforeAll(async () => {
  await pool.query('create table accounts (id integer primary key, amount integer not null)');
});
beforeEach(async () => {
  waits = [];
  await pool.query('truncate accounts');
  await pool.query('insert into accounts values (1, 0), (2, 0)');
});

const amounts = async (): Promise<number[]> =>
  (await pool.query<{ amount: number }>('select amount from accounts order by id')).rows.map((row) => row.amount);

function createSignal(): { readonly raised: Promise<void>; readonly raise: () => void } {
  let raise: () => void = () => undefined;
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return { raised, raise: () => raise() };
}

describe('a transaction', () => {
  it('commits its work and returns its result', async () => {
    const result = await inTransaction(
      pool,
      async (tx) => {
        await tx.query('update accounts set amount = 5');
        return 'done';
      },
      { clock, random },
    );
    expect(result).toBe('done');
    expect(await amounts()).toEqual([5, 5]);
  });

  it('leaves nothing behind when it fails, returns its connection to the pool, and is not tried again', async () => {
    let tries = 0;
    const failing = inTransaction(
      pool,
      async (tx) => {
        tries += 1;
        await tx.query('update accounts set amount = 5');
        throw new Error('changed my mind');
      },
      { clock, random },
    );
    await expect(failing).rejects.toThrow('changed my mind');
    expect({ tries, amounts: await amounts(), idle: pool.idleCount === pool.totalCount }).toEqual({
      tries: 1,
      amounts: [0, 0],
      idle: true,
    });
  });

  it('is run again after a real deadlock, so that both succeed', async () => {
    const bothInside = createSignal();
    const oneCommitted = createSignal();
    let inside = 0;
    // Without this wait the second try could deadlock with the first transaction once more.
    const sleep = async (delayMs: number): Promise<void> => {
      waits.push(delayMs);
      await oneCommitted.raised;
    };
    const add = async (order: readonly number[]): Promise<void> => {
      await inTransaction(
        pool,
        async (tx) => {
          for (const [step, id] of order.entries()) {
            await tx.query('update accounts set amount = amount + 1 where id = $1', [id]);
            if (step > 0) continue;
            inside += 1;
            if (inside >= 2) bothInside.raise();
            await bothInside.raised;
          }
        },
        { clock: { ...clock, sleep }, random },
      );
      oneCommitted.raise();
    };
    await Promise.all([add([1, 2]), add([2, 1])]);
    expect(await amounts()).toEqual([2, 2]);
    expect(waits).toEqual([2.5]);
  });

  it('gives up after the last attempt and waits longer before each one', async () => {
    let tries = 0;
    const hopeless = inTransaction(
      pool,
      async (tx) => {
        tries += 1;
        await tx.query("do $$ begin raise exception 'conflict' using errcode = '40001'; end $$");
      },
      { clock, random, attemptsMax: 4 },
    );
    await expect(hopeless).rejects.toThrow('conflict');
    expect({ tries, waits }).toEqual({ tries: 4, waits: [2.5, 5, 10] });
  });
});
