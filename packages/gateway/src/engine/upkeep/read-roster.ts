import type { Clock } from '../../ports/clock.ts';
import type { Roster } from '../directory/roster.ts';
import type { Loop } from '../lanes/supervisor.ts';

/** How long an unreported change may stay unseen. */
const everyMs = 5_000;
/** Changes in quick succession cost one reading of all workspaces in this time. */
const pauseMs = 200;

export interface RosterLoop extends Loop {
  /** Reads the workspaces again soon, after a change. */
  lookAround(): void;
}

/** Keeps the roster of workspaces close behind the store. */
export function readRoster(roster: Roster, clock: Clock): RosterLoop {
  let nap = new AbortController();
  return {
    name: 'roster',
    lookAround() {
      roster.expire();
      nap.abort(null);
    },
    async run(signal) {
      const stop = () => nap.abort(null);
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          // Made before the reading, so that a change during it is not missed.
          nap = new AbortController();
          await roster.refresh();
          await clock.sleep(pauseMs, signal);
          if (!signal.aborted) await clock.sleep(everyMs, nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
