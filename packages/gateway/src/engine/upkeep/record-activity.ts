import type { Clock } from '../../ports/clock.ts';
import type { ActivityMark } from '../../store/activity.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';

/** A leg that goes on as before is written down once in this time at most: a mark costs nothing but a look into a map. */
const resolutionMs = 60_000;
const flushMs = 2_000;
const entriesMax = 200_000;

type Leg = Pick<ActivityMark, 'workspaceId' | 'ownerId' | 'leg'>;

/** What is noted of the legs of channels and workspaces, as it is seen. */
export interface LegMarks {
  /** The leg did its work. */
  mark(leg: Leg): void;
  /** It would do its work: it was asked, and answered. */
  markWorking(leg: Leg): void;
  markFailing(leg: Leg, problem: string): void;
}

/** Remembers when each leg was alive last, to the minute, and when it began to fail; what a killed process had not written yet is lost. */
export interface NoteActivity extends Loop, LegMarks {}

export function noteActivity(deps: {
  readonly store: StoreSlice<{ readonly activity: 'record' }>;
  readonly clock: Clock;
}): NoteActivity {
  const { store, clock } = deps;
  const noted = new Map<string, { readonly atMs: number; readonly sign: ActivityMark['sign'] }>();
  let waiting = new Map<string, ActivityMark>();

  async function flush(): Promise<void> {
    if (waiting.size === 0) return;
    const marks = [...waiting.values()];
    waiting = new Map();
    try {
      await store.activity.record(marks);
    } catch (cause) {
      // The next mark writes it down again.
      for (const mark of marks) noted.delete(keyOf(mark));
      throw cause;
    }
  }

  /** That a leg works is no news where it did its work. */
  const isNews = (
    before: { readonly atMs: number; readonly sign: ActivityMark['sign'] } | undefined,
    mark: ActivityMark,
  ) =>
    before === undefined ||
    mark.atMs - before.atMs >= resolutionMs ||
    (before.sign !== mark.sign && !(before.sign === 'alive' && mark.sign === 'works'));

  const note = (leg: Leg, sign: ActivityMark['sign'], problem: string | null): void => {
    const mark: ActivityMark = { ...leg, atMs: clock.nowMs(), sign, problem };
    const key = keyOf(mark);
    if (!isNews(noted.get(key), mark)) return;
    if (noted.size >= entriesMax) noted.clear();
    noted.set(key, mark);
    // A leg may stand in one call only once: the last word counts.
    waiting.set(key, mark);
  };

  return {
    name: 'activity',
    mark: (leg) => note(leg, 'alive', null),
    markWorking: (leg) => note(leg, 'works', null),
    markFailing: (leg, problem) => note(leg, 'failing', problem),
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
