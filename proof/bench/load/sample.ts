/** What one round of one target came to. */
export interface Sample {
  readonly answered: number;
  /** Answers with a status other than the one that is wanted. */
  readonly refused: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function toSample(latenciesMs: readonly number[], refused: number, elapsedMs: number): Sample {
  const sorted = Float64Array.from(latenciesMs).sort();
  return {
    answered: sorted.length,
    refused,
    perSecond: (sorted.length / elapsedMs) * 1_000,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

/** Of sorted values; not a number where there are none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
