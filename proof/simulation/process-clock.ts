import type { Clock, Random } from '@chatferry/gateway/internal/ports/clock';
import { signOfLifeMs } from '@chatferry/gateway/internal/store/processes';
import type { Owner } from './event-queue.ts';
import { startOfTimeMs, type World } from './world.ts';

/** Waits of this length that can be cut short are the pauses of a loop that looks for work. */
const looksMs = { min: 200, max: 5_000 };
/** Waits for a lane that another process holds are always late, for the same reason. */
const briefMs = 50;
/** In the quiet phase the pauses of loops are this much longer: timers may be late, and nothing else would happen. */
const quietLateness = 15;

/** A process's own clock: its wall time is wrong by its skew, and its timers may be late. */
export function createProcessClock(world: World, owner: Owner): Clock {
  const { kernel, dice, profile } = world;
  const skewMs = (dice.uniform() * 2 - 1) * profile.processes.skewMs;
  const offsetMs = dice.between(0, 1_000_000);
  return {
    nowMs: () => startOfTimeMs + kernel.nowMs() + skewMs,
    monotonicMs: () => kernel.nowMs() + offsetMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const isBrief = delayMs <= briefMs;
        const isLook = delayMs >= looksMs.min && delayMs <= looksMs.max && delayMs !== signOfLifeMs;
        const late =
          signal === undefined || !(isBrief || isLook)
            ? 1
            : isBrief || world.isQuiet
              ? quietLateness
              : profile.lateness;
        const end = () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          kernel.cancel(timer);
          end();
        };
        const timer = kernel.after(delayMs * late + dice.uniform(), owner, 'timer', end);
        signal?.addEventListener('abort', leave, { once: true });
      }),
  };
}

export function createProcessRandom({ dice }: World): Random {
  const own = dice.fork();
  const hex = (digits: number): string => Array.from({ length: digits }, () => own.whole(0, 15).toString(16)).join('');
  return {
    uniform: own.uniform,
    bytes: (count) => Buffer.from(hex(count * 2), 'hex'),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
}
