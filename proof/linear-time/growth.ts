/**
 * Measures how the time of a function grows. It counts the processor time of this process, not the time of day, because other
 * programs on the machine must not decide a test.
 */

/** The sizes that are tried, in characters. What takes the square of the second one is found at the first, before it takes minutes. */
const sizes = [8_192, 32_768];
/** Shorter times say nothing about growth, and no function that takes the square of the second size is so fast. */
const floorMs = 5;
/** The factor by which the time may grow when the size is four times as large. Linear is 4, a square is 16. */
const quadrupledMax = 9;
/** A measurement that looks bad is made again, from the shortest of several times. A square stays a square. */
const looks = 4;
const repetitions = 3;

/** Makes the call for a text of this size. What it prepares is not measured. */
export type PrepareCall = (size: number) => () => void;

const processorMs = (call: () => void): number => {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** Why the time grows faster than the input. Null if it does not. */
export function findGrowth(prepare: PrepareCall): string | null {
  for (const size of sizes) {
    const problem = growthAt(prepare, size);
    if (problem !== null) return problem;
  }
  return null;
}

function growthAt(prepare: PrepareCall, size: number): string | null {
  const whole = processorMs(prepare(size));
  if (whole < floorMs || whole <= quadrupledMax * processorMs(prepare(size / 4))) return null;
  let problem: string | null = null;
  for (let look = 0; look < looks; look += 1) {
    problem = growthOfShortest(prepare, size);
    if (problem === null) return null;
  }
  return problem;
}

/** The shortest of several times: only the least disturbed one counts. */
const shortestMs = (prepare: PrepareCall, size: number): number => {
  const call = prepare(size);
  return Math.min(...Array.from({ length: repetitions }, () => processorMs(call)));
};

function growthOfShortest(prepare: PrepareCall, size: number): string | null {
  const whole = shortestMs(prepare, size);
  if (whole < floorMs) return null;
  const quarter = shortestMs(prepare, size / 4);
  if (whole <= quadrupledMax * quarter) return null;
  return `${quarter.toFixed(1)} ms and ${whole.toFixed(1)} ms for ${size / 4} and ${size} characters`;
}
