/** Seeded randomness: the same seed gives the same numbers on every machine. */
export interface Dice {
  /** A number in [0, 1). */
  uniform(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A number in [min, max). */
  between(min: number, max: number): number;
  /** A whole number in [min, max]. */
  whole(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
  /** Dice of its own, which this one's later throws do not change. */
  fork(): Dice;
}

/** sfc32: small, fast and well mixed; 128 bits of state. */
export function createDice(seed: number): Dice {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 15; warmUp += 1) next();

  const whole = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    uniform: next,
    chance: (probability) => next() < probability,
    between: (min, max) => min + next() * (max - min),
    whole,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new RangeError('there is nothing to pick from');
      return from[whole(0, from.length - 1)] as T;
    },
    fork: () => createDice(Math.floor(next() * 2 ** 32) * 2 ** 20 + whole(0, 2 ** 20 - 1)),
  };
}
