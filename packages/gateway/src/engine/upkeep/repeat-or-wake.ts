import type { Clock } from '../../ports/clock.ts';
import type { Loop } from '../lanes/supervisor.ts';

export interface WakeableLoop extends Loop {
  /** Ends the pause between two rounds. During a round, it makes the next one follow without a pause. */
  lookAround(): void;
}

/** Repeats `round` every `everyMs`, and at once when it is woken. */
export function repeatOrWake(
  clock: Clock,
  { name, everyMs }: { readonly name: string; readonly everyMs: number },
  round: (signal: AbortSignal) => Promise<void>,
): WakeableLoop {
  let nap = new AbortController();
  return {
    name,
    lookAround: () => nap.abort(null),
    async run(signal) {
      const stop = () => nap.abort(null);
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          // Made before the round, so that a call during it is not missed.
          nap = new AbortController();
          await round(signal);
          if (!signal.aborted) await clock.sleep(everyMs, nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
