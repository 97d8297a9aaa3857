import type { Failure } from '../../core/delivery/failure.ts';
import type { EngineLog } from '../../ports/log.ts';
import { isStoreAway } from '../../store/database/store-unavailable.ts';
import type { ResultRow } from '../../store/results.ts';
import type { StoreSlice } from '../../store/store.ts';

/** A result from Telegram that the store did not accept. `abandon`: the message is given up after it, for this reason. */
export interface JournaledResult {
  readonly row: ResultRow;
  readonly abandon: Failure | null;
}

/** Stores such results in a flushed file until the database is back. */
export interface ResultJournal {
  /** True when the result will reach the store even if this process ends. Never rejects. */
  append(result: JournaledResult): Promise<boolean>;
  /** Stores the results of the file, those of other processes too. Must run before flights are judged. */
  replay(): Promise<void>;
}

/** A file of records that are removed once they were processed. */
export interface RecordFile {
  append(payload: Buffer): Promise<void>;
  drain(process: (payload: Buffer) => Promise<boolean>): Promise<number>;
}

export function createResultJournal(deps: {
  readonly file: RecordFile;
  readonly store: StoreSlice<{ readonly results: 'record'; readonly flights: 'abandon' }>;
  readonly log: EngineLog;
  /** Called after results were stored: the inbox may have work. */
  readonly onResult: () => void;
}): ResultJournal {
  const { file, store, log, onResult } = deps;

  /** Storing a result twice changes nothing: the store accepts it only while it still counts. */
  async function storeJournaled({ row, abandon }: JournaledResult): Promise<void> {
    await store.results.record(row);
    if (abandon !== null) await store.flights.abandon(row.flight, abandon);
  }

  return {
    async append(result) {
      try {
        await file.append(Buffer.from(JSON.stringify(result)));
        log.warn('result.journaled', { messageId: result.row.flight.messageId, state: result.row.state });
        return true;
      } catch (err) {
        log.error('result.unjournaled', { err, messageId: result.row.flight.messageId });
        return false;
      }
    },
    async replay() {
      const count = await file.drain(async (payload) => {
        try {
          await storeJournaled(JSON.parse(payload.toString()));
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
