import { putNewest } from '../../core/memory/put-newest.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import { allWaits } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';
import { createWakeAgain } from './wake-again.ts';

/** What a process knew of an inbox at a moment. */
export interface InboxSight {
  /** How often it had answered. */
  readonly answers: number;
  readonly isDown: boolean;
}

/** Notices, in this process, that an inbox answers again. Then all work that waits for it is due at once. */
export interface OutageWatch {
  /** What is known before work of a workspace is tried, for `recordDown` and `recordUnanswered`. */
  look(workspaceId: string): InboxSight;
  /**
   * Work of a workspace waits for its inbox now, which was down. If the inbox answered since the work was tried, the work is
   * due at once: it began to wait after the others were woken.
   */
  recordDown(workspaceId: string, before: InboxSight): void;
  /** The inbox of a workspace answered. Returns at once. */
  recordAnswer(workspaceId: string): void;
  /**
   * A write into the inbox of a workspace got no usable answer. If the inbox was down when the write was tried, and answered
   * since, the outage is to blame, and the write is due at once.
   */
  recordUnanswered(workspaceId: string, before: InboxSight): void;
  /** The inbox of a workspace accepted a write. Returns at once. */
  recordWrite(workspaceId: string): void;
  /** Makes due again what other processes set aside after the inbox answered. To be called often; returns at once. */
  wakeAgain(): void;
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
  const again = createWakeAgain(clock);
  const countAnswers = (workspaceId: string): number => answers.get(workspaceId) ?? 0;

  const wake = async (workspaceId: string, waits = allWaits): Promise<void> => {
    try {
      const lanes = await store.lanes.wake(workspaceId, waits);
      if (lanes === 0) return;
      if (waits === allWaits) again.begin(workspaceId);
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
    const wasDown = isDown.get(workspaceId) === true;
    const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : nowMs - last.atMs;
    const isSoon = last !== undefined && sinceMs < last.pauseMs;
    putNewest(isDown, workspaceId, isSoon, workspacesMax);
    if (isSoon) return;
    if (wasDown) again.begin(workspaceId);
    const pauseMs = last !== undefined && sinceMs < pauseMaxMs ? Math.min(last.pauseMs * 2, pauseMaxMs) : pauseFirstMs;
    putNewest(woken, workspaceId, { atMs: nowMs, pauseMs }, workspacesMax);
    void wake(workspaceId);
  };

  return {
    look: (workspaceId) => ({ answers: countAnswers(workspaceId), isDown: isDown.get(workspaceId) === true }),
    recordDown(workspaceId, before) {
      if (countAnswers(workspaceId) !== before.answers) return wakeUnlessSoon(workspaceId);
      putNewest(isDown, workspaceId, true, workspacesMax);
      again.end(workspaceId);
    },
    recordUnanswered(workspaceId, before) {
      unanswered.add(workspaceId);
      if (before.isDown && countAnswers(workspaceId) !== before.answers) wakeUnlessSoon(workspaceId);
    },
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
    wakeAgain() {
      for (const workspaceId of again.take()) void wake(workspaceId, ['inbox-answer']);
    },
  };
}
