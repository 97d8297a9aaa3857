/** The kinds of work that may be repeated: those of the store's jobs. */
export type RetriedWork = 'mirror' | 'file' | 'update' | 'inbox-event' | 'automatic' | 'scheduled';

/** The waits between the tries of each kind of work, in milliseconds. The last one repeats without end. */
const waitsMs: Readonly<Record<RetriedWork, readonly number[]>> = {
  mirror: [1_000, 5_000, 30_000, 120_000, 600_000],
  // After about a minute the agent is told that the file is missing.
  file: [1_000, 4_000, 10_000, 20_000],
  update: [1_000, 5_000, 30_000, 120_000, 600_000],
  'inbox-event': [1_000, 5_000, 30_000, 120_000, 600_000],
  automatic: [1_000, 5_000, 30_000, 120_000, 600_000],
  scheduled: [1_000, 5_000, 30_000, 120_000, 600_000],
};

export interface BackoffOptions {
  readonly wishMs?: number | null;
  readonly stepMaxMs?: number;
}

/**
 * How long to wait after `failures` failures in a row (1 is the first). `wishMs` is the wait that the provider asked for. It
 * counts when it is longer, and the result is never shorter. `stepMaxMs` limits the wait of the table. `uniform` is a number in [0, 1): a fifth of the wait is jitter,
 * so that lanes do not come back together.
 */
export function backoffMs(
  work: RetriedWork,
  failures: number,
  uniform: number,
  { wishMs = null, stepMaxMs = Number.POSITIVE_INFINITY }: BackoffOptions = {},
): number {
  const steps = waitsMs[work];
  const step = Math.min(stepMaxMs, steps[Math.min(Math.max(failures, 1), steps.length) - 1] ?? 0);
  const jitter = 0.2 * uniform;
  return Math.round(Math.max(step * (0.9 + jitter), (wishMs ?? 0) * (1 + jitter)));
}
