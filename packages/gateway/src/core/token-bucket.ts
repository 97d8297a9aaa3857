/** What is left of a rate limit at a moment. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface BucketLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Takes one token: the bucket afterwards, and how long to wait where there was none. */
export function takeToken(
  bucket: Bucket | null,
  limit: BucketLimit,
  nowMs: number,
): { readonly bucket: Bucket; readonly waitMs: number } {
  const earned = bucket === null ? limit.burst : ((nowMs - bucket.atMs) / 1_000) * limit.perSecond;
  const tokens = Math.min(limit.burst, (bucket?.tokens ?? 0) + Math.max(0, earned));
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, atMs: nowMs }, waitMs: 0 };
  return { bucket: { tokens, atMs: nowMs }, waitMs: Math.ceil(((1 - tokens) / limit.perSecond) * 1_000) };
}
