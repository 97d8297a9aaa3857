import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { AuditEnd } from '../../store/audit.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Loop } from '../lanes/supervisor.ts';

export interface ExportAuditHeadsDeps {
  readonly store: StoreSlice<{ readonly audit: 'readEnd' | 'hasEnd' }>;
  /** Records a head outside of the database. */
  readonly record: (head: AuditEnd, atMs: number) => Promise<void>;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: EngineLog;
}

/**
 * Takes the head of the audit log out of the database when it has changed: into a file of the data folder, and into the log, which a
 * collector takes elsewhere. It also looks whether the head that it took last is still in the log: if not, entries were removed.
 */
export function exportAuditHeads(deps: ExportAuditHeadsDeps): Loop {
  const { clock, everyMs } = deps;
  let last: AuditEnd | null = null;
  return {
    name: 'audit-heads',
    async run(signal) {
      while (!signal.aborted) {
        last = await exportOnce(deps, last);
        await clock.sleep(everyMs, signal);
      }
    },
  };
}

async function exportOnce(
  { store, record, clock, log }: ExportAuditHeadsDeps,
  last: AuditEnd | null,
): Promise<AuditEnd | null> {
  const end = await store.audit.readEnd();
  if (last !== null && last.head !== end?.head && !(await store.audit.hasEnd(last))) {
    const remedy = `run: chatferry audit verify --head ${last.head} --entries ${last.entries}`;
    log.error('audit.entries_missing', { head: last.head, entries: last.entries, remedy });
  }
  if (end === null || end.head === last?.head) return end;
  log.info('audit.head', { head: end.head, entries: end.entries });
  try {
    await record(end, clock.nowMs());
    return end;
  } catch (err) {
    // A full disk must not stop the gateway. The next round tries again.
    log.error('audit.head_unrecorded', { err, head: end.head });
    return last;
  }
}
