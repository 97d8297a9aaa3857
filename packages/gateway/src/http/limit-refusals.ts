import { type Bucket, takeToken } from '../core/delivery/token-bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';

/** Entries of the audit log are never deleted, so strangers must not write as many as they like. */
const limit = { perSecond: 1, burst: 120 };
const logEveryMs = 60_000;

/**
 * Whether the refusal of a caller without a credential gets an entry in the audit log. Beyond one a second, refusals are only
 * counted, and the count is logged at most once a minute.
 */
export function createRefusalLimit(clock: Clock, log: EngineLog): () => boolean {
  let bucket: Bucket | null = null;
  let skipped = 0;
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.monotonicMs();
    const taken = takeToken(bucket, limit, nowMs);
    bucket = taken.bucket;
    if (taken.waitMs === 0) return true;
    skipped += 1;
    if (nowMs - loggedAtMs >= logEveryMs) {
      loggedAtMs = nowMs;
      log.warn('audit.refusals_skipped', { count: skipped });
      skipped = 0;
    }
    return false;
  };
}
