import type { Clock } from '../../ports/clock.ts';
import type { Loop } from '../lanes/supervisor.ts';

/** How often the store is asked whether workspaces, channels or keys changed. */
const everyMs = 2_000;
/** While the last answer is younger than this, what is in memory may be kept; revocations are seen within five seconds. */
const trustedMs = 4_000;
/** As long as nothing changed; what is read anew all the same is a safeguard, and must cost nothing with many channels. */
const keptMs = 600_000;
const keptUnwatchedMs = 2_000;

export interface ChangeWatch extends Loop {
  /** How old something in memory may be now: short while nobody knows whether it changed. */
  ttlMs(): number;
}

/** Lets processes keep what they know of workspaces, channels and keys for as long as nothing changed anywhere. */
export function watchChanges(deps: {
  readonly readChangeVersion: () => Promise<number>;
  readonly onChange: () => void;
  readonly clock: Clock;
}): ChangeWatch {
  const { readChangeVersion, onChange, clock } = deps;
  let seen: number | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;
  return {
    name: 'changes',
    ttlMs: () => (clock.monotonicMs() - askedMs < trustedMs ? keptMs : keptUnwatchedMs),
    async run(signal) {
      while (!signal.aborted) {
        const startedMs = clock.monotonicMs();
        const version = await readChangeVersion();
        if (version !== seen) onChange();
        seen = version;
        askedMs = startedMs;
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
