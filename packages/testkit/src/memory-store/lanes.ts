import type { ClaimedLane, ClaimLimits, Job } from '@chatferry/gateway/internal/store/lanes';
import type { QueryBinder } from './bind-queries.ts';
import { heldBy, type LaneRow, type MemoryDatabase } from './database.ts';

export function claimLanes(
  db: MemoryDatabase,
  epoch: number,
  limits: { readonly lanesMax: number; readonly jobsMax: number; readonly leaseMs: number },
): readonly ClaimedLane[] {
  const nowMs = db.nowMs();
  let due: [string, LaneRow][] = [];
  for (const entry of db.lanes) if (entry[1].runAtMs <= nowMs) due.push(entry);
  if (due.length === 0) return [];
  due = due.sort(([, a], [, b]) => a.runAtMs - b.runAtMs).slice(0, limits.lanesMax);
  return due.map(([key, lane]) => {
    lane.runAtMs = nowMs + limits.leaseMs;
    lane.lease = db.newLease();
    lane.epoch = epoch;
    const { workspaceId, lease, failures } = lane;
    // A copy of the jobs of now, because later statements change them.
    return { key, workspaceId, lease, failures, jobs: (db.jobs.get(key) ?? []).slice(0, limits.jobsMax) };
  });
}

export const readJob = (db: MemoryDatabase, laneKey: string, seq: number): Job | null =>
  db.jobs.get(laneKey)?.find((job) => job.seq === seq) ?? null;

export function renewLease(db: MemoryDatabase, lane: ClaimedLane, leaseMs: number): boolean {
  const row = heldBy(db, lane);
  if (!row) return false;
  row.runAtMs = db.nowMs() + leaseMs;
  return true;
}

export function finishLane(
  db: MemoryDatabase,
  lane: ClaimedLane,
  { doneSeq, delayMs }: { readonly doneSeq: number | null; readonly delayMs: number | null },
): boolean {
  const row = heldBy(db, lane);
  if (!row) return false;
  if (doneSeq !== null) {
    const left = (db.jobs.get(lane.key) ?? []).filter(({ seq }) => seq > doneSeq);
    if (left.length > 0) db.jobs.set(lane.key, left);
    else db.jobs.delete(lane.key);
  }
  if (delayMs === null && row.tail <= (doneSeq ?? 0)) {
    db.lanes.delete(lane.key);
    return true;
  }
  row.lease = null;
  row.runAtMs = db.nowMs() + (delayMs ?? 0);
  row.failures = delayMs === null ? 0 : doneSeq === null ? row.failures + 1 : 1;
  return true;
}

export function nextDueInMs(db: MemoryDatabase): number | null {
  let next: number | null = null;
  for (const { runAtMs } of db.lanes.values()) if (next === null || runAtMs < next) next = runAtMs;
  return next === null ? null : Math.max(0, Math.ceil(next - db.nowMs()));
}

export function releaseLanes(db: MemoryDatabase, epoch: number): void {
  for (const lane of db.lanes.values()) {
    if (lane.epoch === epoch && lane.lease !== null) Object.assign(lane, { lease: null, runAtMs: db.nowMs() });
  }
}

export const isLaneBusy = (db: MemoryDatabase, laneKey: string): boolean => db.lanes.has(laneKey);

export function moveJobAhead(
  db: MemoryDatabase,
  lane: ClaimedLane,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const jobs = db.jobs.get(lane.key);
  const moved = jobs?.find(({ seq }) => seq === from);
  if (!jobs || !moved || db.lanes.get(lane.key)?.lease !== lane.lease) return;
  const places = jobs.filter(({ seq }) => seq >= to && seq <= from);
  const order = [moved, ...places.filter((job) => job !== moved)];
  const placed = new Map(places.map(({ seq }, index) => [seq, { ...(order[index] ?? moved), seq }]));
  db.jobs.set(
    lane.key,
    jobs.map((job) => placed.get(job.seq) ?? job),
  );
}

/** The queries of `store.lanes`. */
export const lanes = ({ bind, epoch }: QueryBinder) =>
  bind('lanes', {
    renewLease,
    finish: finishLane,
    nextDueInMs,
    isBusy: isLaneBusy,
    readJob,
    moveJobAhead,
    claim: (db, limits: ClaimLimits) => claimLanes(db, epoch, limits),
    release: (db) => releaseLanes(db, epoch),
  });
