import type { SignOfLife } from '../../store/processes.ts';

/** Nobody who lives lets this much time pass between two signs, while the store answers. */
export const silenceMaxMs = 9_000;
/**
 * The same after this process itself could not reach the store: the others could not either, and each may first have to wait
 * for a connection that never comes.
 */
export const silenceAfterOutageMs = 15_000;

export interface WatchProcesses {
  /** Those among `signs` that have been silent for too long, as far as this process has watched them without a gap. */
  look(signs: readonly SignOfLife[], nowMs: number): readonly SignOfLife[];
  /** The store could not be reached: what was seen before says nothing of who lives. */
  lookedInVain(): void;
}

/**
 * Tells who died by watching, and by no clock but one's own: the signs of others are compared with themselves, never with the
 * time. Whoever was away itself (an outage of the store, a paused process) begins to watch anew, so that nobody is judged for
 * a silence that nobody could have broken.
 */
export function createWatchProcesses(): WatchProcesses {
  let seen = new Map<number, Watched>();
  let isAfterOutage = false;
  let lastLookMs = Number.NEGATIVE_INFINITY;

  return {
    look(signs, nowMs) {
      if (nowMs - lastLookMs > silenceMaxMs) seen = new Map();
      lastLookMs = nowMs;
      const patienceMs = isAfterOutage ? silenceAfterOutageMs : silenceMaxMs;
      isAfterOutage = false;
      const before = seen;
      const look = ({ epoch, mark }: SignOfLife): Watched => {
        const known = before.get(epoch);
        return known?.mark === mark ? known : { mark, sinceMs: nowMs, patienceMs };
      };
      seen = new Map(signs.map((sign) => [sign.epoch, look(sign)]));
      return signs.filter(({ epoch }) => isSilent(seen.get(epoch), nowMs));
    },
    lookedInVain() {
      seen = new Map();
      isAfterOutage = true;
    },
  };
}

interface Watched {
  readonly mark: string;
  readonly sinceMs: number;
  readonly patienceMs: number;
}

const isSilent = (watched: Watched | undefined, nowMs: number): boolean =>
  watched !== undefined && nowMs - watched.sinceMs >= watched.patienceMs;
