import type { SignOfLife } from '../../store/processes.ts';

/** A living process never lets this much time pass between two signs of life while the store answers. */
export const silenceMaxMs = 9_000;
/**
 * The same after this process itself could not reach the store. The others could not either, and each may first have to wait
 * for a connection that never opens.
 */
export const silenceAfterOutageMs = 15_000;

export interface WatchProcesses {
  /** The processes among `signs` that have been silent for too long, as far as this process watched them without a gap. */
  findSilent(signs: readonly SignOfLife[], nowMs: number): readonly SignOfLife[];
  /** The store could not be reached. What was seen before it proves nothing about the other processes. */
  recordOutage(): void;
}

/**
 * Finds dead processes by watching, and by no clock but its own: the signs of others are compared with earlier ones, never
 * with the time. After a gap of its own (an outage of the store, a paused process) it starts from the beginning, so that no
 * process is declared dead for a silence that it could not have ended.
 */
export function createWatchProcesses(): WatchProcesses {
  let seen = new Map<number, Watched>();
  let isAfterOutage = false;
  let lastLookMs = Number.NEGATIVE_INFINITY;

  return {
    findSilent(signs, nowMs) {
      if (nowMs - lastLookMs > silenceMaxMs) seen = new Map();
      lastLookMs = nowMs;
      const patienceMs = isAfterOutage ? silenceAfterOutageMs : silenceMaxMs;
      isAfterOutage = false;
      const before = seen;
      const watch = ({ epoch, mark }: SignOfLife): Watched => {
        const known = before.get(epoch);
        return known?.mark === mark ? known : { mark, sinceMs: nowMs, patienceMs };
      };
      seen = new Map(signs.map((sign) => [sign.epoch, watch(sign)]));
      return signs.filter(({ epoch }) => isSilent(seen.get(epoch), nowMs));
    },
    recordOutage() {
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
