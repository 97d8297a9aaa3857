import type { Failure } from '../../core/delivery/failure.ts';
import type { EngineLog } from '../../ports/log.ts';
import { isStoreAway } from '../../store/database/store-unavailable.ts';
import type { ResultRow } from '../../store/results.ts';
import type { StoreSlice } from '../../store/store.ts';

/** A result that Telegram has given and the store does not take; `abandon` where the message is given up after it. */
export interface KeptResult {
  readonly row: ResultRow;
  readonly abandon: Failure | null;
}

/** Where such results are safe until the store is back: a flushed file. */
export interface KeepResults {
  /** True when it will reach the store whatever happens to this process. Never rejects. */
  keep(result: KeptResult): Promise<boolean>;
  /** Brings into the store what lies there, also what other processes left. To be done before anybody judges flights. */
  replay(): Promise<void>;
}

export interface ResultJournal {
  append(payload: Buffer): Promise<void>;
  drain(take: (payload: Buffer) => Promise<boolean>): Promise<number>;
}

export function createKeepResults(deps: {
  readonly journal: ResultJournal;
  readonly store: StoreSlice<{ readonly results: 'record'; readonly flights: 'abandon' }>;
  readonly log: EngineLog;
  /** Results were stored: the inbox may have work. */
  readonly onResult: () => void;
}): KeepResults {
  const { journal, store, log, onResult } = deps;

  /** Doing it twice changes nothing: the store takes a result only where it still counts. */
  async function bringIn({ row, abandon }: KeptResult): Promise<void> {
    await store.results.record(row);
    if (abandon !== null) await store.flights.abandon(row.flight, abandon);
  }

  return {
    async keep(result) {
      try {
        await journal.append(Buffer.from(JSON.stringify(result)));
        log.warn('result.journaled', { messageId: result.row.flight.messageId, state: result.row.state });
        return true;
      } catch (err) {
        log.error('result.unjournaled', { err, messageId: result.row.flight.messageId });
        return false;
      }
    },
    async replay() {
      const count = await journal.drain(async (payload) => {
        try {
          await bringIn(JSON.parse(payload.toString()));
          return true;
        } catch (err) {
          if (isStoreAway(err)) throw err;
          log.error('result.refused', { err });
          return false;
        }
      });
      if (count === 0) return;
      log.warn('results.replayed', { count });
      onResult();
    },
  };
}
