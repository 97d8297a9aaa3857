import type { Deadlines } from '../../ports/deadlines.ts';

/** The time that one call may take: stopped by its limit or its caller, unless it ends first. */
export interface CallLimit {
  /** Why it was stopped, or null. */
  stopDetail(): string | null;
  /** What to do when it is stopped; replaces what was to be done before. */
  onStop(run: () => void): void;
  /** A byte came: the time without one begins again. */
  restartIdle(): void;
  /** The call is done: nothing stops it any more. */
  end(): void;
}

/** What bounds a call: all of it, and each time without a byte. */
export interface CallBounds {
  readonly limitMs: number;
  readonly idleLimitMs?: number;
  readonly signal?: AbortSignal;
}

export function startCallLimit(deadlines: Deadlines, { limitMs, idleLimitMs, signal }: CallBounds): CallLimit {
  let detail: string | null = null;
  let react = (): void => undefined;
  let ended = false;

  const stop = (reason: string): void => {
    if (ended || detail !== null) return;
    detail = reason;
    react();
  };
  const onCaller = (): void => stop('stopped by the gateway');
  const cancel = deadlines.after(limitMs, () => stop(`no answer within ${limitMs} ms`));
  let cancelIdle = (): void => undefined;
  const restartIdle = (): void => {
    cancelIdle();
    if (ended || idleLimitMs === undefined) return;
    cancelIdle = deadlines.after(idleLimitMs, () => stop(`nothing came for ${idleLimitMs} ms`));
  };
  restartIdle();
  if (signal?.aborted) onCaller();
  else signal?.addEventListener('abort', onCaller, { once: true });

  return {
    stopDetail: () => detail,
    onStop(run) {
      react = run;
    },
    restartIdle,
    end() {
      ended = true;
      cancel();
      cancelIdle();
      signal?.removeEventListener('abort', onCaller);
    },
  };
}
