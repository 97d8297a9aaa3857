import type { Clock } from '../../ports/clock.ts';
import type { ActivityMark } from '../../store/activity.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';

/** An unchanged leg is written at most once in this time. Other marks cost only a look into a map. */
const resolutionMs = 60_000;
const flushMs = 2_000;
const entriesMax = 200_000;

type Leg = Pick<ActivityMark, 'workspaceId' | 'ownerId' | 'leg'>;

/** Receives what is seen of the legs of channels and workspaces. */
export interface LegMarks {
  /** The leg did its work. */
  mark(leg: Leg): void;
  /** The leg would do its work: it was asked, and answered. */
  markWorking(leg: Leg): void;
  markFailing(leg: Leg, problem: string): void;
}

/** Records when each leg was last alive, to the minute, and when it began to fail. A killed process loses its last marks. */
export interface ActivityRecorder extends Loop, LegMarks {}

export function recordActivity(deps: {
  readonly store: StoreSlice<{ readonly activity: 'record' }>;
  readonly clock: Clock;
}): ActivityRecorder {
  const { store, clock } = deps;
  const recorded = new Map<string, ActivityMark>();
  let waiting = new Map<string, ActivityMark>();

  async function flush(): Promise<void> {
    if (waiting.size === 0) return;
    const marks = [...waiting.values()];
    waiting = new Map();
    try {
      await store.activity.record(marks);
    } catch (cause) {
      // The next mark of each leg is written again.
      for (const mark of marks) recorded.delete(keyOf(mark));
      throw cause;
    }
  }

  const record = (leg: Leg, sign: ActivityMark['sign'], problem: string | null): void => {
    const mark: ActivityMark = { ...leg, atMs: clock.nowMs(), sign, problem };
    const key = keyOf(mark);
    if (!isNews(recorded.get(key), mark)) return;
    if (recorded.size >= entriesMax) recorded.clear();
    recorded.set(key, mark);
    // One call may contain a leg only once: the last mark counts.
    waiting.set(key, mark);
  };

  return {
    name: 'activity',
    mark: (leg) => record(leg, 'alive', null),
    markWorking: (leg) => record(leg, 'works', null),
    markFailing: (leg, problem) => record(leg, 'failing', problem),
    async run(signal) {
      while (!signal.aborted) {
        await flush();
        await clock.sleep(flushMs, signal);
      }
      await flush();
    },
  };
}

const keyOf = ({ ownerId, leg }: Pick<ActivityMark, 'ownerId' | 'leg'>): string => `${ownerId}:${leg}`;

/** That a leg works is no news if it did its work before. */
const isNews = (before: ActivityMark | undefined, mark: ActivityMark): boolean =>
  before === undefined ||
  mark.atMs - before.atMs >= resolutionMs ||
  (before.sign !== mark.sign && !(before.sign === 'alive' && mark.sign === 'works'));
