import { setMaxListeners } from 'node:events';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';

/** Work that runs until its signal is aborted. */
export interface Loop {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface Supervisor {
  start(loop: Loop): void;
  /** The names of the loops that failed and wait for their restart. Readiness reports them. */
  failingLoops(): readonly string[];
  /** Stops every loop and waits until all have ended. */
  stop(): Promise<void>;
}

const restartFirstMs = 250;
const restartMaxMs = 10_000;

/** Runs loops, and starts each one that fails again, after growing waits and without end. */
export function createSupervisor(clock: Clock, log: EngineLog): Supervisor {
  const stopping = new AbortController();
  // Every loop listens to it, and so does each of its sleeps.
  setMaxListeners(0, stopping.signal);
  const running = new Set<Promise<void>>();
  const down = new Set<string>();

  async function runUntilStopped(loop: Loop): Promise<void> {
    let waitMs = restartFirstMs;
    while (!stopping.signal.aborted) {
      const startedMs = clock.monotonicMs();
      try {
        down.delete(loop.name);
        await loop.run(stopping.signal);
        return;
      } catch (cause) {
        if (stopping.signal.aborted) return;
        if (clock.monotonicMs() - startedMs > restartMaxMs) waitMs = restartFirstMs;
        down.add(loop.name);
        log.error('loop.failed', { err: cause, loop: loop.name, restartMs: waitMs });
        await clock.sleep(waitMs, stopping.signal);
        waitMs = Math.min(waitMs * 2, restartMaxMs);
      }
    }
  }

  return {
    start(loop) {
      const work = runUntilStopped(loop).finally(() => running.delete(work));
      running.add(work);
    },
    failingLoops: () => [...down],
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
