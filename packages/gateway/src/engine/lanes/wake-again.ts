import type { Clock } from '../../ports/clock.ts';

/** The workspaces whose inboxes answered again a moment ago, and when each is to be looked at again. */
export interface WakeAgain {
  /** The inbox of a workspace answered again now. */
  begin(workspaceId: string): void;
  /** The inbox of a workspace is down again. */
  end(workspaceId: string): void;
  /** The workspaces that are to be looked at now. */
  take(): readonly string[];
}

/**
 * Another process that knew the inbox as down calls it again after at most a minute (`pauseMaxMs` of `account-gate.ts`). Until
 * then it sets aside what it claims of that workspace.
 */
const forMs = 90_000;
const pauseFirstMs = 500;
const pauseMaxMs = 4_000;

export function createWakeAgain(clock: Pick<Clock, 'monotonicMs'>): WakeAgain {
  const turns = new Map<string, { readonly dueMs: number; readonly pauseMs: number; readonly untilMs: number }>();
  return {
    begin(workspaceId) {
      const nowMs = clock.monotonicMs();
      turns.set(workspaceId, { dueMs: nowMs + pauseFirstMs, pauseMs: pauseFirstMs, untilMs: nowMs + forMs });
    },
    end: (workspaceId) => void turns.delete(workspaceId),
    take() {
      const nowMs = clock.monotonicMs();
      const due = [...turns].filter(([, { dueMs }]) => dueMs <= nowMs);
      for (const [workspaceId, turn] of due) {
        const pauseMs = Math.min(turn.pauseMs * 2, pauseMaxMs);
        if (nowMs >= turn.untilMs) turns.delete(workspaceId);
        else turns.set(workspaceId, { ...turn, dueMs: nowMs + pauseMs, pauseMs });
      }
      return due.map(([workspaceId]) => workspaceId);
    },
  };
}
