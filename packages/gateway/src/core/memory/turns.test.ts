import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

const takeAll = (turns: ReturnType<typeof createTurns<string, number>>, mayTake = () => true) => {
  const taken: number[] = [];
  for (let next = turns.take(mayTake); next !== null; next = turns.take(mayTake)) taken.push(next);
  return taken;
};

it('parties take turns, and the values of one party keep their order', () => {
  const turns = createTurns<string, number>();
  for (const value of [1, 2, 3]) turns.add('a', value);
  for (const value of [10, 20]) turns.add('b', value);
  expect(takeAll(turns)).toEqual([1, 10, 2, 20, 3]);
});

it('a party that may not have its turn holds up no other party', () => {
  const turns = createTurns<string, number>();
  turns.add('a', 1);
  turns.add('b', 10);
  expect(turns.take((party) => party !== 'a')).toBe(10);
  expect(turns.isWaiting('a')).toBe(true);
  expect(takeAll(turns)).toEqual([1]);
});

it('a value that was removed has no turn, and one that had its turn cannot be removed', () => {
  const turns = createTurns<string, number>();
  const leave = turns.add('a', 1);
  const stay = turns.add('a', 2);
  expect(leave()).toBe(true);
  expect(takeAll(turns)).toEqual([2]);
  expect([leave(), stay()]).toEqual([false, false]);
  expect(turns.isWaiting('a')).toBe(false);
});
