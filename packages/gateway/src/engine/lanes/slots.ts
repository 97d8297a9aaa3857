/** At most `slotsMax` pieces of work at once; the others wait in the order in which they came. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createSlots(slotsMax: number): Slots {
  let taken = 0;
  const waiting: (() => void)[] = [];

  return {
    async run(work) {
      if (taken < slotsMax) taken += 1;
      // Whoever ends hands the slot over, so that nobody who comes later takes it first.
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
