import { putNewest } from '../../core/memory/put-newest.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';

/** Notices, in this process, that an inbox answers again. Then all work that waits for it is due at once. */
export interface OutageWatch {
  /** How often the inbox of a workspace answered, for `recordDown`. */
  countAnswers(workspaceId: string): number;
  /**
   * Work of a workspace waits for its inbox now, which was down. `answersBefore`: the count before the work was tried. If
   * the inbox answered since, the work is due at once: it began to wait after the others were woken.
   */
  recordDown(workspaceId: string, answersBefore: number): void;
  /** The inbox of a workspace answered. Returns at once. */
  recordAnswer(workspaceId: string): void;
  /** A write into the inbox of a workspace got no usable answer. */
  recordUnanswered(workspaceId: string): void;
  /** The inbox of a workspace accepted a write. Returns at once. */
  recordWrite(workspaceId: string): void;
}

export interface OutageWatchDeps {
  readonly store: StoreSlice<{ readonly lanes: 'wake' }>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: EngineLog;
  /** Called after lanes became due. */
  readonly onDue: () => void;
}

/** A limit that real installations hardly reach. A workspace that is forgotten costs one statement at its next answer. */
const workspacesMax = 100_000;

/**
 * An inbox may answer what is read and fail at what is written. Then the first write that it accepts ends the waits, but not
 * more often than this: it may also fail at one job every time, and accept the others.
 */
const wakeByWriteEveryMs = 10 * 60_000;

/** An inbox may be down again at once, again and again. The time between two wakes of a workspace grows up to the last one. */
const pauseFirstMs = 500;
const pauseMaxMs = 60_000;

export function watchOutages({ store, clock, log, onDue }: OutageWatchDeps): OutageWatch {
  /** A workspace that is not in it may have work that an earlier process left waiting. */
  const isDown = new Map<string, boolean>();
  const answers = new Map<string, number>();
  const woken = new Map<string, { readonly atMs: number; readonly pauseMs: number }>();
  const unanswered = new Set<string>();
  const wokenByWriteMs = new Map<string, number>();
  const countAnswers = (workspaceId: string): number => answers.get(workspaceId) ?? 0;

  const wake = async (workspaceId: string): Promise<void> => {
    try {
      const lanes = await store.lanes.wake(workspaceId);
      if (lanes === 0) return;
      log.info('inbox.recovered', { workspaceId, lanes });
      onDue();
    } catch (err) {
      // The next answer tries again.
      putNewest(isDown, workspaceId, true, workspacesMax);
      log.warn('inbox.unwoken', { workspaceId, err });
    }
  };

  /** Wakes all that waits, unless that was done a moment ago. Then the next answer tries again. */
  const wakeUnlessSoon = (workspaceId: string): void => {
    const nowMs = clock.monotonicMs();
    const last = woken.get(workspaceId);
    const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : nowMs - last.atMs;
    const isSoon = last !== undefined && sinceMs < last.pauseMs;
    putNewest(isDown, workspaceId, isSoon, workspacesMax);
    if (isSoon) return;
    const pauseMs = last !== undefined && sinceMs < pauseMaxMs ? Math.min(last.pauseMs * 2, pauseMaxMs) : pauseFirstMs;
    putNewest(woken, workspaceId, { atMs: nowMs, pauseMs }, workspacesMax);
    void wake(workspaceId);
  };

  return {
    countAnswers,
    recordDown(workspaceId, answersBefore) {
      if (countAnswers(workspaceId) === answersBefore) putNewest(isDown, workspaceId, true, workspacesMax);
      else wakeUnlessSoon(workspaceId);
    },
    recordUnanswered: (workspaceId) => void unanswered.add(workspaceId),
    recordWrite(workspaceId) {
      const nowMs = clock.monotonicMs();
      const isSoon = nowMs - (wokenByWriteMs.get(workspaceId) ?? Number.NEGATIVE_INFINITY) < wakeByWriteEveryMs;
      if (isSoon || !unanswered.delete(workspaceId)) return;
      putNewest(wokenByWriteMs, workspaceId, nowMs, workspacesMax);
      void wake(workspaceId);
    },
    recordAnswer(workspaceId) {
      putNewest(answers, workspaceId, countAnswers(workspaceId) + 1, workspacesMax);
      if (isDown.get(workspaceId) === false) return;
      wakeUnlessSoon(workspaceId);
    },
  };
}
