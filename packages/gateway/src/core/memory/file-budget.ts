import { createTurns } from './turns.ts';

/** Gives back what was taken. */
export type Release = () => void;

/**
 * Bounds the files that are in memory at once. Each owner has a share, so that the files of one bot, whose server is slow,
 * delay no other bot's.
 */
export interface FileBudget {
  /** Takes room for a file of `bytes` bytes, if there is room now. */
  tryTake(owner: string, bytes: number): Release | null;
  /** Waits for room. The files of one owner get it in the order in which they came. */
  take(owner: string, bytes: number): Promise<Release>;
}

export interface FileBudgetLimits {
  readonly totalBytes: number;
  readonly ownerBytes: number;
  /** The most takes of one owner at once, however small they are. */
  readonly ownerMax: number;
}

interface Waiter {
  readonly owner: string;
  readonly bytes: number;
  readonly admit: (release: Release) => void;
}

export function createFileBudget({ totalBytes, ownerBytes, ownerMax }: FileBudgetLimits): FileBudget {
  const owners = new Map<string, { readonly bytes: number; readonly takes: number }>();
  const waiting = createTurns<string, Waiter>();
  let taken = 0;

  // What is larger than a limit is admitted alone.
  const hasRoom = (name: string, { bytes }: { readonly bytes: number }): boolean => {
    const owner = owners.get(name);
    if (taken > 0 && taken + bytes > totalBytes) return false;
    return owner === undefined || (owner.takes < ownerMax && owner.bytes + bytes <= ownerBytes);
  };
  const count = (name: string, bytes: number, takes: 1 | -1): void => {
    const before = owners.get(name) ?? { bytes: 0, takes: 0 };
    taken += bytes;
    if (before.takes + takes > 0) owners.set(name, { bytes: before.bytes + bytes, takes: before.takes + takes });
    else owners.delete(name);
  };
  const admit = (name: string, bytes: number): Release => {
    let isTaken = true;
    count(name, bytes, 1);
    return () => {
      if (!isTaken) return;
      isTaken = false;
      count(name, -bytes, -1);
      for (let next = waiting.take(hasRoom); next !== null; next = waiting.take(hasRoom))
        next.admit(admit(next.owner, next.bytes));
    };
  };
  const tryTake = (name: string, bytes: number): Release | null =>
    !waiting.isWaiting(name) && hasRoom(name, { bytes }) ? admit(name, bytes) : null;

  return {
    tryTake,
    async take(owner, bytes) {
      return tryTake(owner, bytes) ?? new Promise((resolve) => waiting.add(owner, { owner, bytes, admit: resolve }));
    },
  };
}
