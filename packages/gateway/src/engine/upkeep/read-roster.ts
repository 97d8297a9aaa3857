import type { Clock } from '../../ports/clock.ts';
import type { Roster } from '../directory/roster.ts';
import { repeatOrWake, type WakeableLoop } from './repeat-or-wake.ts';

/** How long an unreported change may stay unseen. */
const everyMs = 5_000;
/** Changes in quick succession cost one reading of all workspaces in this time. */
const pauseMs = 200;

/** Keeps the roster of workspaces close behind the store. `lookAround` reads the workspaces again soon, after a change. */
export function readRoster(roster: Roster, clock: Clock): WakeableLoop {
  const loop = repeatOrWake(clock, { name: 'roster', everyMs }, async (signal) => {
    await roster.refresh();
    await clock.sleep(pauseMs, signal);
  });
  return {
    ...loop,
    lookAround() {
      roster.expire();
      loop.lookAround();
    },
  };
}
