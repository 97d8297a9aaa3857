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

describe('a transaction', () => {
  it('commits what it did and returns its result', async () => {
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

  it('leaves nothing behind when it fails, gives its connection back, and is not tried again', async () => {
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

  it('is done again after a real deadlock, so that both succeed', async () => {
    let arrived = 0;
    let release: () => void = () => undefined;
    const bothInside = new Promise<void>((resolve) => {
      release = resolve;
    });
    const add = (order: readonly number[]): Promise<void> =>
      inTransaction(
        pool,
        async (tx) => {
          for (const [step, id] of order.entries()) {
            await tx.query('update accounts set amount = amount + 1 where id = $1', [id]);
            if (step === 0) {
              arrived += 1;
              if (arrived >= 2) release();
              await bothInside;
            }
          }
        },
        { clock, random },
      );
    await Promise.all([add([1, 2]), add([2, 1])]);
    expect(await amounts()).toEqual([2, 2]);
    expect(waits).toEqual([2.5]);
  });

  it('gives up after the last attempt, having waited longer each time', async () => {
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
