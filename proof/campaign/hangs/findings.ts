import type { Verdict } from '../judge/judge.ts';
import type { Place } from './plan.ts';
import type { ErrandName, Recovery, Waits } from './waits.ts';

/** What one row came to. */
export interface RowFindings {
  readonly name: string;
  /** How many calls met the trouble; without one the row proves nothing. */
  readonly touched: number;
  readonly waits: readonly PlaceWaits[];
  /** Null where the trouble was no outage. */
  readonly recovery: Recovery | null;
  readonly verdict: Verdict;
}

export interface PlaceWaits {
  readonly place: Place;
  readonly waits: Readonly<Record<ErrandName, Waits>>;
}

export interface HangFindings {
  readonly rows: readonly RowFindings[];
  readonly elapsedMs: number;
}
