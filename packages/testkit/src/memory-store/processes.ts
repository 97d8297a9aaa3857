import type { SignOfLife } from '@chatferry/gateway/internal/store/processes';
import type { QueryBinder } from './bind-queries.ts';
import type { MemoryDatabase } from './database.ts';

/** How far ahead a sign of life is dated. */
const aliveMs = 9_000;

export function registerProcess(db: MemoryDatabase): number {
  db.sequences.epoch += 1;
  recordSignOfLife(db, db.sequences.epoch);
  return db.sequences.epoch;
}

export function unregisterProcess(db: MemoryDatabase, epoch: number): void {
  db.processes.delete(epoch);
}

export function recordSignOfLife(db: MemoryDatabase, epoch: number): void {
  db.processes.set(epoch, db.nowMs() + aliveMs);
}

export const readSignsOfLife = (db: MemoryDatabase): readonly SignOfLife[] =>
  [...db.processes].map(([epoch, datedMs]) => ({ epoch, mark: String(datedMs) }));

export function removeDeadProcesses(db: MemoryDatabase, dead: readonly SignOfLife[]): readonly number[] {
  return dead.flatMap(({ epoch, mark }) => {
    if (String(db.processes.get(epoch)) !== mark) return [];
    db.processes.delete(epoch);
    for (const lane of db.lanes.values()) {
      if (lane.epoch === epoch && lane.lease !== null) Object.assign(lane, { lease: null, runAtMs: db.nowMs() });
    }
    return [epoch];
  });
}

/** The queries of `store.processes`. */
export const processes = ({ bind, epoch }: QueryBinder) =>
  bind('processes', {
    listSignsOfLife: readSignsOfLife,
    removeDead: removeDeadProcesses,
    recordSignOfLife: (db) => recordSignOfLife(db, epoch),
  });
