import { describe, expect, it } from 'vitest';
import { createWatchProcesses } from './watch-processes.ts';

/** Looks every three seconds. `signs` has the marks of the processes at each look, or null when the store is away. */
function watched(...signs: readonly (Readonly<Record<number, string>> | null)[]): readonly (readonly number[])[] {
  const watch = createWatchProcesses();
  return signs.map((marks, index) => {
    if (marks === null) {
      watch.recordOutage();
      return [];
    }
    const now = Object.entries(marks).map(([epoch, mark]) => ({ epoch: Number(epoch), mark }));
    return watch.findSilent(now, index * 3_000).map(({ epoch }) => epoch);
  });
}

describe('a process', () => {
  it('lives as long as its sign changes, in whichever direction: clocks may jump', () => {
    const marks = ['9', '8', '7', '600', '1', '2'];
    expect(watched(...marks.map((mark) => ({ 1: mark }))).flat()).toEqual([]);
  });

  it('is dead after nine seconds without another sign', () => {
    expect(
      watched({ 1: 'a', 2: 'a' }, { 1: 'b', 2: 'a' }, { 1: 'b', 2: 'a' }, { 1: 'b', 2: 'a' }, { 1: 'b', 2: 'a' }),
    ).toEqual([[], [], [], [2], [1, 2]]);
  });

  it('gets fifteen seconds after an outage of the store, however long, and then is dead', () => {
    const looks = watched({ 1: 'a' }, { 1: 'a' }, ...Array(20).fill(null), ...Array(6).fill({ 1: 'a' }));
    expect(looks.slice(0, -1).flat()).toEqual([]);
    expect(looks.at(-1)).toEqual([1]);
  });

  it('gets no extra time once it gave a sign after an outage', () => {
    const looks = watched(null, { 1: 'a' }, { 1: 'b' }, { 1: 'b' }, { 1: 'b' }, { 1: 'b' });
    expect(looks).toEqual([[], [], [], [], [], [1]]);
  });

  it('is not judged by a process that was paused itself', () => {
    const watch = createWatchProcesses();
    const signs = [{ epoch: 1, mark: 'a' }];
    expect(watch.findSilent(signs, 0)).toEqual([]);
    // Paused for a minute. The store may have been away too.
    expect(watch.findSilent(signs, 60_000)).toEqual([]);
    expect(watch.findSilent(signs, 64_000)).toEqual([]);
    expect(watch.findSilent(signs, 69_000)).toEqual(signs);
  });
});
