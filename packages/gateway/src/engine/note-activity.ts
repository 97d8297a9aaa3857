import type { Clock } from '../ports/clock.ts';
import type { ActivityMark } from '../store/activity.ts';
import type { Loop } from './supervisor.ts';

/** A leg is written down once in this time at most: a mark costs nothing but a look into a map. */
const resolutionMs = 60_000;
const flushMs = 2_000;
const entriesMax = 200_000;

/** Remembers when each leg of a channel was alive last, to the minute; what a killed process had not written yet is lost. */
export interface NoteActivity extends Loop {
  mark(mark: Omit<ActivityMark, 'atMs'>): void;
}

export function noteActivity(deps: {
  readonly store: { recordActivity(marks: readonly ActivityMark[]): Promise<void> };
  readonly clock: Clock;
}): NoteActivity {
  const { store, clock } = deps;
  const noted = new Map<string, number>();
  let waiting: ActivityMark[] = [];

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const marks = waiting;
    waiting = [];
    try {
      await store.recordActivity(marks);
    } catch (cause) {
      // The next mark writes it down again.
      for (const mark of marks) noted.delete(keyOf(mark));
      throw cause;
    }
  }

  return {
    name: 'activity',
    mark(mark) {
      const key = keyOf(mark);
      const atMs = clock.nowMs();
      if (atMs - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < resolutionMs) return;
      if (noted.size >= entriesMax) {
        noted.clear();
        // A leg may stand in one call only once.
        for (const one of waiting) noted.set(keyOf(one), one.atMs);
      }
      noted.set(key, atMs);
      waiting.push({ ...mark, atMs });
    },
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
