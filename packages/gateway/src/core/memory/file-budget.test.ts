import { expect, it } from 'vitest';
import { createFileBudget } from './file-budget.ts';

const limits = { totalBytes: 100, ownerBytes: 60, ownerMax: 2 };

/** Records the names of the takes that were admitted, in order. */
function recordAdmitted(budget: ReturnType<typeof createFileBudget>) {
  const admitted: string[] = [];
  return {
    admitted,
    take: async (owner: string, bytes: number, name: string) => {
      const release = await budget.take(owner, bytes);
      admitted.push(name);
      return release;
    },
  };
}

it('files wait, in order, until there is room for their bytes', async () => {
  const { admitted, take } = recordAdmitted(createFileBudget(limits));
  const release = await take('a', 50, 'first');
  const second = take('a', 20, 'second');
  const third = take('a', 5, 'third');
  expect(admitted).toEqual(['first']);
  release();
  await Promise.all([second, third]);
  expect(admitted).toEqual(['first', 'second', 'third']);
});

it('the files of one bot leave room for those of another', async () => {
  const budget = createFileBudget(limits);
  await budget.take('a', 60);
  void budget.take('a', 60);
  await budget.take('b', 40);
  expect(budget.tryTake('b', 1)).toBeNull();
});

it('a bot has no more files at once than its share, however small they are', async () => {
  const budget = createFileBudget(limits);
  await budget.take('a', 1);
  const release = await budget.take('a', 1);
  expect(budget.tryTake('a', 1)).toBeNull();
  release();
  release();
  expect(budget.tryTake('a', 1)).not.toBeNull();
  expect(budget.tryTake('a', 1)).toBeNull();
});

it('a file that is larger than every limit is fetched, alone', async () => {
  const budget = createFileBudget(limits);
  const release = await budget.take('a', 500);
  expect(budget.tryTake('b', 1)).toBeNull();
  release();
  expect(budget.tryTake('b', 1)).not.toBeNull();
});

it('a file does not overtake one of the same bot that waits', async () => {
  const budget = createFileBudget(limits);
  await budget.take('a', 50);
  void budget.take('a', 50);
  expect(budget.tryTake('a', 1)).toBeNull();
});
