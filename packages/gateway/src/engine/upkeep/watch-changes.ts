import type { Clock } from '../../ports/clock.ts';
import type { Loop } from '../lanes/supervisor.ts';

/** How often the store is asked whether workspaces, channels or keys changed. */
const everyMs = 2_000;
/** As long as the last answer is younger than this, memory may be trusted. Revocations are seen within five seconds. */
const trustedMs = 4_000;
/** How old a value may be while nothing changed. Reading it again then is a safeguard, which must be cheap with many channels. */
const watchedTtlMs = 600_000;
const unwatchedTtlMs = 2_000;

export interface ChangeWatch extends Loop {
  /** How old a value in memory may be now. Short while it is unknown whether something changed. */
  ttlMs(): number;
}

/** Lets processes cache workspaces, channels and keys for as long as no process changed anything. */
export function watchChanges(deps: {
  readonly readChangeVersion: () => Promise<number>;
  readonly onChange: () => void;
  readonly clock: Clock;
}): ChangeWatch {
  const { readChangeVersion, onChange, clock } = deps;
  let seenVersion: number | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  return {
    name: 'changes',
    ttlMs: () => (clock.monotonicMs() - askedAtMs < trustedMs ? watchedTtlMs : unwatchedTtlMs),
    async run(signal) {
      while (!signal.aborted) {
        const startedAtMs = clock.monotonicMs();
        const version = await readChangeVersion();
        if (version !== seenVersion) onChange();
        seenVersion = version;
        askedAtMs = startedAtMs;
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
