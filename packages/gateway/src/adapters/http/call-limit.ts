import type { Deadlines } from '../../ports/deadlines.ts';

/** The time that one call may take: stopped by its limit or its caller, unless it ends first. */
export interface CallLimit {
  /** Why it was stopped, or null. */
  stopDetail(): string | null;
  /** What to do when it is stopped; replaces what was to be done before. */
  onStop(run: () => void): void;
  /** The call is done: nothing stops it any more. */
  end(): void;
}

export function startCallLimit(deadlines: Deadlines, limitMs: number, caller: AbortSignal | undefined): CallLimit {
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
  if (caller?.aborted) onCaller();
  else caller?.addEventListener('abort', onCaller, { once: true });

  return {
    stopDetail: () => detail,
    onStop(run) {
      react = run;
    },
    end() {
      ended = true;
      cancel();
      caller?.removeEventListener('abort', onCaller);
    },
  };
}
