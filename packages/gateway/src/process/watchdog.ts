import { Worker } from 'node:worker_threads';
import type { Log } from '../observe/log.ts';
import type { Clock } from '../ports/clock.ts';
import { type JobBoard, noJobBoard } from '../ports/job-board.ts';
import { createBoardMemory, createSharedJobBoard } from './shared-job-board.ts';

/** What the thread of the watchdog is given. */
export interface WatchdogData {
  /** A number that the watched thread keeps changing. */
  readonly ticks: SharedArrayBuffer;
  readonly board: SharedArrayBuffer;
  readonly stepMs: number;
  /** After this many steps without a tick the process is ended. */
  readonly stepsMax: number;
}

const stepsMax = 20;
/** The thread has a small loop and nothing else. */
const threadLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 };

/**
 * Watches the event loop from another thread, and ends the process with SIGKILL if the loop has not run for `limitMs`. A
 * process that hangs would answer no call and keep its lanes; one that has ended is started again by its supervisor. A line
 * of the log names the jobs that ran. If the process did not get the processor for half of that time, it has ten times
 * the limit. 0: nothing is watched.
 *
 * Returns the board for the jobs that run.
 */
export function startWatchdog(options: {
  readonly limitMs: number;
  readonly jobsMax: number;
  readonly clock: Clock;
  readonly log: Log;
}): JobBoard {
  const { limitMs, jobsMax, clock, log } = options;
  if (limitMs === 0) return noJobBoard;
  const stepMs = limitMs / stepsMax;
  const ticks = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const board = createBoardMemory(jobsMax);
  const workerData: WatchdogData = { ticks, board, stepMs, stepsMax };
  void keepTicking(new Int32Array(ticks), clock, stepMs / 2);
  // The same extension as this file: the sources run too, through a loader.
  const thread = new Worker(new URL(import.meta.url.replace(/watchdog(\.\w+)$/, 'watchdog-thread$1')), {
    workerData,
    resourceLimits: threadLimits,
  });
  thread.on('error', (err) => log.error('watchdog.failed', { err }));
  thread.unref();
  return createSharedJobBoard(board);
}

/** To the end of the process. */
async function keepTicking(tick: Int32Array, clock: Clock, everyMs: number): Promise<never> {
  for (;;) {
    await clock.sleep(everyMs);
    Atomics.add(tick, 0, 1);
  }
}
