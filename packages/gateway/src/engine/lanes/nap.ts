import type { Clock } from '../../ports/clock.ts';

/** The pause of a loop that can be woken, also before the pause begins. */
export interface Nap {
  /** Ends the pause, or prevents the next one. */
  wake(): void;
  /** Ends the pause. */
  end(): void;
  /** From now on wakes count for the next pause. */
  forget(): void;
  /** Sleeps as long as `limit` says, unless it was woken or `signal` is aborted, before or during it. */
  sleep(limit: () => Promise<number>, signal: AbortSignal): Promise<void>;
}

export function createNap(clock: Pick<Clock, 'sleep'>): Nap {
  let pause = new AbortController();
  let isWoken = false;
  return {
    wake() {
      isWoken = true;
      // An abort with a reason of its own creates no exception. This runs for every send.
      pause.abort(null);
    },
    end: () => pause.abort(null),
    forget() {
      isWoken = false;
    },
    async sleep(limit, signal) {
      if (isWoken || signal.aborted) return;
      pause = new AbortController();
      const limitMs = await limit();
      if (!isWoken && !signal.aborted) await clock.sleep(limitMs, pause.signal);
    },
  };
}
