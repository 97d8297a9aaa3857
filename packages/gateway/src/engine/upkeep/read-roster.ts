import type { Clock } from '../../ports/clock.ts';
import type { Roster } from '../directory/roster.ts';
import type { Loop } from '../lanes/supervisor.ts';

/** Changes in quick succession cost one reading of all workspaces in this time. */
const everyMs = 5_000;

/** Keeps the roster of workspaces at most some seconds behind the store. */
export const readRoster = (roster: Roster, clock: Clock): Loop => ({
  name: 'roster',
  async run(signal) {
    while (!signal.aborted) {
      await roster.refresh();
      await clock.sleep(everyMs, signal);
    }
  },
});
