import type { Alarm } from '../../core/health/alarm.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';

/** The journal's files that nothing reads any more. */
export interface SweptFiles {
  damaged(): readonly { readonly path: string; readonly deletedAtMs: number }[];
  sweep(nowMs: number, erasedAtMs: number | null): Promise<void>;
}

const everyMs = 60_000;
/** The clock of the database may be behind that of this machine. */
const clockDifferenceMs = 60_000;

/** Ends the journal's files that were set aside: by age, and after an erasure that another process carried out. */
export const setAsideLoop = (deps: {
  readonly files: SweptFiles;
  readonly store: StoreSlice<{ readonly erasures: 'list' }>;
  readonly clock: Clock;
}): Loop => ({
  name: 'set-aside files',
  async run(signal) {
    const { files, store, clock } = deps;
    while (!signal.aborted) {
      const erasures = await store.erasures.list();
      const newestMs = erasures.reduce((newest, { removedAtMs }) => Math.max(newest, removedAtMs ?? 0), 0);
      await files.sweep(clock.nowMs(), newestMs === 0 ? null : newestMs + clockDifferenceMs);
      await clock.sleep(everyMs, signal);
    }
  },
});

/** The alarm for a file of the journal that could not be read completely. */
export const journalDamaged = ({ path, deletedAtMs }: ReturnType<SweptFiles['damaged']>[number]): Alarm => ({
  kind: 'journal-damaged',
  subject: path,
  workspaceId: null,
  detail: `The file ${path} is damaged. It held results of sends, or calls of inboxes, from a time when the database was away, and some of them are lost.`,
  remedy: `Check the disk. Messages whose result was lost are unknown: chatferry messages list --state unknown. The file may contain what customers wrote: it is deleted at ${new Date(deletedAtMs).toISOString()}, and earlier when a customer with stored data is erased. Delete it now if you do not need it.`,
});
