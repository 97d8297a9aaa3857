import { setMaxListeners } from 'node:events';
import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';

/** Something that runs until it is told to stop. */
export interface Loop {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface Supervisor {
  start(loop: Loop): void;
  /** Loops that are down and wait for their restart: readiness says so. */
  ailing(): readonly string[];
  /** Stops every loop and waits for all. */
  stop(): Promise<void>;
}

const restartFirstMs = 250;
const restartMaxMs = 10_000;

/** Keeps loops running: one that fails is started again, later and later, and never given up. */
export function createSupervisor(clock: Clock, log: EngineLog): Supervisor {
  const stopping = new AbortController();
  // Every loop listens to it, and sleeps by it.
  setMaxListeners(0, stopping.signal);
  const running = new Set<Promise<void>>();
  const down = new Set<string>();

  async function keep(loop: Loop): Promise<void> {
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
      const kept = keep(loop).finally(() => running.delete(kept));
      running.add(kept);
    },
    ailing: () => [...down],
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
