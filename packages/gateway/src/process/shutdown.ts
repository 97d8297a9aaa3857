import type { Log } from '../observe/log.ts';

/** Ends the process once: after a signal, or after a loss that it cannot survive. */
export interface Shutdown {
  /** Ends the process with this code, as soon as `ready` was called. Only the first call counts. */
  end(exitCode: 0 | 1): void;
  /** The start is complete: from here on, `stop` stops everything. */
  ready(stop: () => Promise<void>): void;
}

/** A call of `end` during the start is remembered until there is something complete to stop. */
export function createShutdown(log: Log): Shutdown {
  let code: 0 | 1 | null = null;
  let stop: (() => Promise<void>) | null = null;

  const stopIfPossible = (): void => {
    if (code === null || stop === null) return;
    const exitCode = code;
    log.info('gateway.stopping');
    stop().then(
      () => process.exit(exitCode),
      (err: unknown) => {
        log.error('gateway.stop_failed', { err });
        process.exit(1);
      },
    );
  };
  return {
    end(exitCode) {
      if (code !== null) return;
      code = exitCode;
      stopIfPossible();
    },
    ready(stopAll) {
      stop = stopAll;
      stopIfPossible();
    },
  };
}

/** Ends the process with a log entry after an uncaught error, and cleanly after SIGINT or SIGTERM. */
export function endOnSignals(log: Log, shutdown: Shutdown): void {
  // Node would print every field of the error, and a URL in it may contain a bot's token.
  process.on('uncaughtException', (err) => {
    log.error('process.crashed', { err });
    process.exit(1);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // A second signal ends the process at once. The next start recovers.
      process.once(signal, () => process.exit(1));
      shutdown.end(0);
    });
  }
}
