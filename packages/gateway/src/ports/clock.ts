/** Time, passed in. Wall time is for display and retention only; no correctness depends on it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Milliseconds on a clock that never goes back, for durations. */
  monotonicMs(): number;
  /** Resolves after `delayMs`, or at once when `signal` is aborted; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness, passed in. */
export interface Random {
  /** A number in [0, 1), for jitter. */
  uniform(): number;
  /** Unpredictable bytes, for secrets. */
  bytes(count: number): Buffer;
  uuid(): string;
}
