import type { ClaimLimits } from '@chatferry/gateway/internal/store/lane-claims';
import {
  allWaits,
  type ClaimEnd,
  type ClaimedLane,
  type Job,
  suspectAfter,
} from '@chatferry/gateway/internal/store/lanes';
import type { QueryBinder } from './bind-queries.ts';
import { heldBy, type LaneRow, type MemoryDatabase } from './database.ts';

/** Whether the last claim of the lane has not ended, as far as is known. */
const isUnended = (db: MemoryDatabase, lane: LaneRow): boolean =>
  lane.lease === null || lane.epoch === null || (db.processes.get(lane.epoch) ?? 0) <= db.nowMs();

function claimLane(
  db: MemoryDatabase,
  epoch: number,
  [key, lane]: [string, LaneRow],
  limits: { readonly jobsMax: number; readonly leaseMs: number },
): ClaimedLane {
  const jobs = db.jobs.get(key) ?? [];
  const head = jobs[0]?.seq ?? null;
  const unended = isUnended(db, lane);
  if (lane.starts > 0 && unended) lane.watchedTo = lane.tail;
  lane.starts = lane.startedSeq !== head ? 1 : lane.starts + (unended ? 1 : 0);
  lane.startedSeq = head;
  lane.runAtMs = db.nowMs() + limits.leaseMs;
  lane.lease = db.newLease();
  lane.epoch = epoch;
  lane.waitsFor = null;
  const { workspaceId, lease, failures, starts, watchedTo } = lane;
  // A copy of the jobs of now, because later statements change them.
  const kept = { key, party: partyOf(key), workspaceId, lease, failures, starts, watchedTo };
  return { ...kept, jobs: jobs.slice(0, limits.jobsMax) };
}

const dueLanes = (db: MemoryDatabase, isWanted: (lane: LaneRow) => boolean): [string, LaneRow][] => {
  const nowMs = db.nowMs();
  const due: [string, LaneRow][] = [];
  for (const entry of db.lanes) if (entry[1].runAtMs <= nowMs && isWanted(entry[1])) due.push(entry);
  return due.sort(([, a], [, b]) => a.runAtMs - b.runAtMs);
};
const isSuspect = ({ starts }: LaneRow): boolean => starts >= suspectAfter;

/** The kind of a lane's work, and its owner. */
const partyOf = (key: string): string => key.split(':').slice(0, 2).join(':');

export function claimLanes(db: MemoryDatabase, epoch: number, limits: ClaimLimits): readonly ClaimedLane[] {
  const due = dueLanes(db, (lane) => !isSuspect(lane));
  return inOrder(due, limits)
    .slice(0, limits.lanesMax)
    .map((entry) => claimLane(db, epoch, entry, limits));
}

/** `due`, which begins with the lane that has been due for the longest time, in the order in which it is claimed. */
function inOrder(
  due: readonly [string, LaneRow][],
  { order, without = [] }: ClaimLimits,
): readonly [string, LaneRow][] {
  if (order === 'first-due') return due;
  if (order === 'replies') return due.filter(([key]) => key.startsWith('relay:'));
  const allowed = due.filter(([key]) => !without.includes(partyOf(key)));
  const placed = placeWithin(allowed, ([key]) => partyOf(key)).sort((a, b) => a.place - b.place);
  return placeWithin(placed, ({ value: [, { workspaceId }] }) => workspaceId)
    .sort((a, b) => a.place - b.place || a.value.value[1].runAtMs - b.value.value[1].runAtMs)
    .map(({ value }) => value.value);
}

/** Numbers the values of each group from 1. */
function placeWithin<T>(values: readonly T[], groupOf: (value: T) => string): { value: T; place: number }[] {
  const places = new Map<string, number>();
  return values.map((value) => {
    const place = (places.get(groupOf(value)) ?? 0) + 1;
    places.set(groupOf(value), place);
    return { value, place };
  });
}

export function claimSuspect(db: MemoryDatabase, epoch: number, leaseMs: number): ClaimedLane | null {
  const [entry] = dueLanes(db, isSuspect);
  return entry === undefined ? null : claimLane(db, epoch, entry, { jobsMax: 1, leaseMs });
}

export const isSuspectDue = (db: MemoryDatabase): boolean => dueLanes(db, isSuspect).length > 0;

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
  { doneSeq, delayMs, isFailure = true, waitsFor = null }: ClaimEnd,
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
  row.starts = 0;
  row.runAtMs = db.nowMs() + (delayMs ?? 0);
  row.waitsFor = delayMs === null ? null : waitsFor;
  row.failures = delayMs === null ? 0 : (isFailure ? 1 : 0) + (doneSeq === null ? row.failures : 0);
  return true;
}

export function nextDueInMs(db: MemoryDatabase): number | null {
  let next: number | null = null;
  for (const lane of db.lanes.values())
    if (!isSuspect(lane) && (next === null || lane.runAtMs < next)) next = lane.runAtMs;
  return next === null ? null : Math.max(0, Math.ceil(next - db.nowMs()));
}

export function releaseLanes(db: MemoryDatabase, epoch: number): void {
  for (const lane of db.lanes.values()) {
    if (lane.epoch !== epoch || lane.lease === null) continue;
    Object.assign(lane, { lease: null, runAtMs: db.nowMs(), starts: Math.max(lane.starts - 1, 0) });
  }
}

export function wakeLanes(db: MemoryDatabase, workspaceId: string, waits = allWaits): number {
  let woken = 0;
  for (const lane of db.lanes.values()) {
    if (
      lane.workspaceId !== workspaceId ||
      lane.waitsFor === null ||
      !waits.includes(lane.waitsFor) ||
      lane.lease !== null
    )
      continue;
    Object.assign(lane, { runAtMs: db.nowMs(), waitsFor: null });
    woken += 1;
  }
  return woken;
}

export function excuseLanes(db: MemoryDatabase, epoch: number): void {
  for (const lane of db.lanes.values()) {
    if (lane.epoch !== epoch || lane.lease === null) continue;
    Object.assign(lane, { starts: Math.max(lane.starts - 1, 0), startedSeq: null });
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
    wake: wakeLanes,
    isSuspectDue,
    isBusy: isLaneBusy,
    readJob,
    moveJobAhead,
    claim: (db, limits: ClaimLimits) => claimLanes(db, epoch, limits),
    claimSuspect: (db, leaseMs: number) => claimSuspect(db, epoch, leaseMs),
    release: (db) => releaseLanes(db, epoch),
    excuse: (db) => excuseLanes(db, epoch),
  });
