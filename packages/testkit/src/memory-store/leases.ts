import type { QueryBinder } from './bind-queries.ts';
import { isAlive, type MemoryDatabase } from './database.ts';

export function acquireLease(db: MemoryDatabase, name: string, epoch: number, leaseMs: number): boolean {
  const held = db.leases.get(name);
  const isFree = held === undefined || held.epoch === epoch || held.untilMs < db.nowMs() || !isAlive(db, held.epoch);
  if (isFree) db.leases.set(name, { epoch, untilMs: db.nowMs() + leaseMs });
  return isFree;
}

export function releaseLease(db: MemoryDatabase, name: string, epoch: number): void {
  if (db.leases.get(name)?.epoch === epoch) db.leases.delete(name);
}

/** The queries of `store.leases`. */
export const leases = ({ bind, epoch }: QueryBinder) =>
  bind('leases', {
    acquire: (db, name: string, leaseMs: number) => acquireLease(db, name, epoch, leaseMs),
    release: (db, name: string) => releaseLease(db, name, epoch),
  });
