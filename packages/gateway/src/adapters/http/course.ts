import type { Clock } from '../../ports/clock.ts';

/** The time that one call may take: ends by its limit, by its caller, or because it is done. */
export interface Course {
  /** Aborted when the call is to stop. */
  readonly signal: AbortSignal;
  /** Rejects when the call is to stop; never resolves. */
  readonly stopped: Promise<never>;
  /** Why it was stopped, or null. */
  stopDetail(): string | null;
  /** The call is done: nothing stops it any more. */
  end(): void;
}

export function startCourse(clock: Clock, limitMs: number, caller: AbortSignal | undefined): Course {
  const stopping = new AbortController();
  const done = new AbortController();
  let detail: string | null = null;
  const stopped = new Promise<never>((_resolve, reject) => {
    stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason), { once: true });
  });
  // Nobody waits for it once the answer is there.
  stopped.catch(() => undefined);

  const stop = (reason: string): void => {
    if (done.signal.aborted || detail !== null) return;
    detail = reason;
    stopping.abort(new Error(reason));
  };
  const onCaller = (): void => stop('stopped by the gateway');
  if (caller?.aborted) onCaller();
  else caller?.addEventListener('abort', onCaller, { once: true });
  void clock.sleep(limitMs, done.signal).then(() => stop(`no answer within ${limitMs} ms`));

  return {
    signal: stopping.signal,
    stopped,
    stopDetail: () => detail,
    end() {
      caller?.removeEventListener('abort', onCaller);
      done.abort();
    },
  };
}
