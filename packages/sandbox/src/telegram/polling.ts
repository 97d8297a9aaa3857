import type { SandboxClock } from '../clock.ts';
import { type BotApiError, conflict } from './errors.ts';
import type { PendingUpdate, UpdateQueue } from './updates.ts';

/** Telegram: a long poll is answered after at most 50 s. */
const pollLimitS = 50;
/**
 * Telegram: a second request with the same offset within 3 s waits up to 3 s; within 0.5 s it returns at most one
 * update.
 */
const sameOffsetWaitS = 3;
const sameOffsetHasteMs = 500;
/** Telegram: only the first of several conflicts within 3 s is answered at once. */
const conflictPauseMs = 3000;

export interface PollRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutS: number;
}

/** `getUpdates` of one bot. */
export interface Polling {
  /** Answers with updates, or rejects with 409. */
  poll(request: PollRequest): Promise<readonly PendingUpdate[]>;
  /** Rejects with 409; after a pause if another conflict was answered within the last 3 s. */
  refuse(error: BotApiError): Promise<never>;
  /** Ends the open long poll because a webhook is being set. */
  endForWebhook(): void;
  close(): void;
}

interface OpenPoll {
  readonly answer: () => void;
  readonly fail: (error: BotApiError) => void;
}

/** `onHeld` is called for each request that waits for an update. */
export function createPolling(clock: SandboxClock, updates: UpdateQueue, onHeld: () => void): Polling {
  let open: OpenPoll | undefined;
  let previous: { readonly offset: number; readonly startedMs: number } | undefined;
  let nextConflictMs = 0;

  const refuse = (error: BotApiError): Promise<never> => {
    const nowMs = clock.nowMs();
    if (nowMs >= nextConflictMs) {
      nextConflictMs = nowMs + conflictPauseMs;
      return Promise.reject(error);
    }
    return new Promise((_, reject) => {
      clock.after(conflictPauseMs, () => reject(error));
    });
  };

  const endOpenPoll = (error: BotApiError) => {
    open?.fail(error);
    open = undefined;
    updates.setConsumer(undefined);
  };

  const waitForUpdate = ({ offset, limit, timeoutS }: PollRequest): Promise<readonly PendingUpdate[]> => {
    endOpenPoll(conflict('Terminated by other getUpdates request; make sure that only one bot instance is running'));
    return new Promise((resolve, reject) => {
      const cancel = clock.after(timeoutS * 1000, () => open?.answer());
      open = {
        answer: () => {
          cancel();
          open = undefined;
          updates.setConsumer(undefined);
          resolve(updates.take(offset, limit));
        },
        fail: (error) => {
          cancel();
          refuse(error).catch(reject);
        },
      };
      updates.setConsumer(() => open?.answer());
      onHeld();
    });
  };

  return {
    poll(request) {
      const nowMs = clock.nowMs();
      const { offset } = request;
      const sinceMs = previous?.offset === offset ? nowMs - previous.startedMs : Number.POSITIVE_INFINITY;
      previous = { offset, startedMs: nowMs };
      const limit = sinceMs < sameOffsetHasteMs ? 1 : request.limit;
      const given = Math.min(request.timeoutS, pollLimitS);
      const timeoutS = sinceMs < sameOffsetWaitS * 1000 ? Math.max(given, sameOffsetWaitS) : given;
      const found = updates.take(offset, limit);
      if (found.length > 0 || timeoutS === 0) return Promise.resolve(found);
      return waitForUpdate({ offset, limit, timeoutS });
    },
    refuse,
    endForWebhook: () => endOpenPoll(conflict('Terminated by setWebhook request')),
    close() {
      open?.answer();
    },
  };
}
