import { describe, expect, it } from 'vitest';
import { createWatchProcesses } from './watch-processes.ts';

/** Looks every three seconds; `signs` names the marks of the processes at each look, null for a look at a store that is away. */
function watched(...signs: readonly (Readonly<Record<number, string>> | null)[]): readonly (readonly number[])[] {
  const watch = createWatchProcesses();
  return signs.map((marks, index) => {
    if (marks === null) {
      watch.lookedInVain();
      return [];
    }
    const now = Object.entries(marks).map(([epoch, mark]) => ({ epoch: Number(epoch), mark }));
    return watch.look(now, index * 3_000).map(({ epoch }) => epoch);
  });
}

describe('a process', () => {
  it('lives as long as its sign changes, to whatever: clocks may jump', () => {
    const marks = ['9', '8', '7', '600', '1', '2'];
    expect(watched(...marks.map((mark) => ({ 1: mark }))).flat()).toEqual([]);
  });

  it('is dead after nine seconds without another sign', () => {
    expect(
      watched({ 1: 'a', 2: 'a' }, { 1: 'b', 2: 'a' }, { 1: 'b', 2: 'a' }, { 1: 'b', 2: 'a' }, { 1: 'b', 2: 'a' }),
    ).toEqual([[], [], [], [2], [1, 2]]);
  });

  it('gets time after an outage of the store, however long that was, and is dead after it', () => {
    const looks = watched({ 1: 'a' }, { 1: 'a' }, ...Array(20).fill(null), ...Array(6).fill({ 1: 'a' }));
    expect(looks.slice(0, -1).flat()).toEqual([]);
    expect(looks.at(-1)).toEqual([1]);
  });

  it('that gave a sign after an outage has no more time than ever', () => {
    const looks = watched(null, { 1: 'a' }, { 1: 'b' }, { 1: 'b' }, { 1: 'b' }, { 1: 'b' });
    expect(looks).toEqual([[], [], [], [], [], [1]]);
  });

  it('is not judged by one who was away itself', () => {
    const watch = createWatchProcesses();
    const signs = [{ epoch: 1, mark: 'a' }];
    expect(watch.look(signs, 0)).toEqual([]);
    // Paused for a minute, and so was the store, perhaps.
    expect(watch.look(signs, 60_000)).toEqual([]);
    expect(watch.look(signs, 64_000)).toEqual([]);
    expect(watch.look(signs, 69_000)).toEqual(signs);
  });
});
