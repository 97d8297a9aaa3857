/** The tokens left at a moment. Counted in thousandths of a token, so that whole milliseconds earn whole numbers. */
export interface Bucket {
  readonly milliTokens: number;
  readonly atMs: number;
}

/** `perSecond` may be a fraction. `burst` is a whole number, at least 1. */
export interface BucketLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export const milliTokensEach = 1_000;

/** Takes one token. Returns the bucket afterwards, and how long to wait if there was none. */
export function takeToken(
  bucket: Bucket | null,
  limit: BucketLimit,
  nowMs: number,
): { readonly bucket: Bucket; readonly waitMs: number } {
  const full = limit.burst * milliTokensEach;
  // Milliseconds times tokens a second are thousandths of a token.
  const earned = bucket === null ? full : Math.max(0, nowMs - bucket.atMs) * limit.perSecond;
  const milliTokens = Math.min(full, (bucket?.milliTokens ?? 0) + earned);
  if (milliTokens >= milliTokensEach) {
    return { bucket: { milliTokens: milliTokens - milliTokensEach, atMs: nowMs }, waitMs: 0 };
  }
  return {
    bucket: { milliTokens, atMs: nowMs },
    waitMs: Math.ceil((milliTokensEach - milliTokens) / limit.perSecond),
  };
}
