/** Waits between the tries of work that may be repeated: the last one repeats for ever. */
const scheduleMs: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000];

/**
 * How long to wait after `failures` failures in a row (1 is the first). The provider's own wish counts when it is
 * longer, and is never undercut. `uniform` is a number in [0, 1): a fifth of the wait is jitter, so that lanes do not
 * come back together.
 */
export function backoffMs(failures: number, uniform: number, wishMs: number | null = null): number {
  const step = scheduleMs[Math.min(Math.max(failures, 1), scheduleMs.length) - 1] ?? 0;
  const jitter = 0.2 * uniform;
  return Math.round(Math.max(step * (0.9 + jitter), (wishMs ?? 0) * (1 + jitter)));
}
