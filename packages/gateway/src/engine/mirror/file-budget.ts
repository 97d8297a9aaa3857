/** Gives back what was taken. */
export type Release = () => void;

/**
 * Bounds the files that are in memory at once. Each owner has a share, so that the files of one bot, whose server is slow,
 * delay no other bot's.
 */
export interface FileBudget {
  /** Takes room for a file of so many bytes, if there is room now. */
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

interface Owner {
  bytes: number;
  takes: number;
  readonly waiting: { readonly bytes: number; readonly admit: (release: Release) => void }[];
}

export function createFileBudget({ totalBytes, ownerBytes, ownerMax }: FileBudgetLimits): FileBudget {
  const owners = new Map<string, Owner>();
  let taken = 0;

  const ownerOf = (name: string): Owner => {
    const known = owners.get(name) ?? { bytes: 0, takes: 0, waiting: [] };
    owners.set(name, known);
    return known;
  };
  // What is larger than a limit is admitted alone.
  const hasRoom = (owner: Owner, bytes: number): boolean =>
    owner.takes < ownerMax &&
    (owner.bytes === 0 || owner.bytes + bytes <= ownerBytes) &&
    (taken === 0 || taken + bytes <= totalBytes);

  const admit = (name: string, owner: Owner, bytes: number): Release => {
    let isTaken = true;
    owner.bytes += bytes;
    owner.takes += 1;
    taken += bytes;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      owner.bytes -= bytes;
      owner.takes -= 1;
      taken -= bytes;
      admitWaiting();
      if (owner.takes === 0 && owner.waiting.length === 0) owners.delete(name);
    };
  };
  const admitWaiting = (): void => {
    for (const [name, owner] of [...owners]) {
      for (let next = owner.waiting[0]; next !== undefined && hasRoom(owner, next.bytes); next = owner.waiting[0]) {
        owner.waiting.shift();
        next.admit(admit(name, owner, next.bytes));
        // The others have their turn first.
        owners.delete(name);
        owners.set(name, owner);
      }
    }
  };

  return {
    tryTake(name, bytes) {
      const owner = ownerOf(name);
      return owner.waiting.length === 0 && hasRoom(owner, bytes) ? admit(name, owner, bytes) : null;
    },
    take(name, bytes) {
      const owner = ownerOf(name);
      if (owner.waiting.length === 0 && hasRoom(owner, bytes)) return Promise.resolve(admit(name, owner, bytes));
      return new Promise((resolve) => owner.waiting.push({ bytes, admit: resolve }));
    },
  };
}
