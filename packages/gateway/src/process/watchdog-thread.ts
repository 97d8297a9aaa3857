import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { readJobBoard } from './shared-job-board.ts';
import { systemClock } from './system-clock.ts';
import type { WatchdogData } from './watchdog.ts';

/** The thread of the watchdog. It has its own event loop, which it blocks: it only waits and looks. */
const { ticks, board, stepMs, stepsMax } = workerData as WatchdogData;
const tick = new Int32Array(ticks);
const alarm = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** The processor time that this process has used. */
const usedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** On a machine that is overloaded the event loop may not get the processor. That is no reason to end the process. */
const isBusy = (sinceMs: number): boolean => usedMs() - sinceMs >= (stepMs * stepsMax) / 2;
/** A loop that waits for something uses no processor time, and is ended after this many times the limit. */
const patience = 10;

let seen = Atomics.load(tick, 0);
let usedAtTickMs = usedMs();
// Steps are counted, and not time: a machine that slept, or a process that was stopped, has missed one step.
for (let missed = 0; missed < stepsMax * patience && !(missed >= stepsMax && isBusy(usedAtTickMs)); ) {
  Atomics.wait(alarm, 0, 0, stepMs);
  const now = Atomics.load(tick, 0);
  missed = now === seen ? missed + 1 : 0;
  if (missed === 0) usedAtTickMs = usedMs();
  seen = now;
}

const line = {
  level: 'error',
  time: new Date(systemClock.nowMs()).toISOString(),
  seconds: (stepMs * stepsMax) / 1_000,
  jobs: readJobBoard(board),
  next: 'The process ends itself, so that its supervisor starts it again. A job that does this repeatedly becomes a dead letter.',
  event: 'process.hung',
};
try {
  writeSync(1, `${JSON.stringify(line)}\n`);
} finally {
  process.kill(process.pid, 'SIGKILL');
}
