/** Runs at most `slotsMax` pieces of work at once. The others wait, first come, first served. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createSlots(slotsMax: number): Slots {
  let taken = 0;
  const waiting: (() => void)[] = [];

  return {
    async run(work) {
      if (taken < slotsMax) taken += 1;
      // Work that ends hands its slot to the next one that waits, so that no newcomer takes it first.
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else taken -= 1;
      }
    },
  };
}
