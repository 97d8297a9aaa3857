import type { AutomaticKind } from '@chatferry/gateway/internal/core/message/content';
import type { ClaimedLane, Job } from '@chatferry/gateway/internal/store/lanes';
import { dayOf, enqueue, heldBy, isAlive, type LaneRow, type MemoryDatabase } from './database.ts';
import { messageOf } from './messages.ts';
import { updateOf } from './updates.ts';

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

export function recordDeadLetter(db: MemoryDatabase, lane: ClaimedLane, job: Job, cause: string): boolean {
  const jobs = db.jobs.get(lane.key) ?? [];
  const at = jobs.findIndex(({ seq }) => seq === job.seq);
  const stored = jobs[at];
  if (!heldBy(db, lane) || !stored) return false;
  jobs.splice(at, 1);
  if (jobs.length === 0) db.jobs.delete(lane.key);
  const { kind, payload } = stored;
  markDead(db, kind, payload, cause);
  const { workspaceId, key: laneKey, failures } = lane;
  db.deadLetters.push({ workspaceId, laneKey, kind, payload, cause, failures });
  return true;
}

/** What the job was about. */
function markDead(db: MemoryDatabase, kind: Job['kind'], payload: Job['payload'], cause: string): void {
  const { messageId, createdOn, updateId, receivedOn } = payload as Readonly<Record<string, never>>;
  if (kind === 'mirror') {
    const message = messageOf(db, createdOn ?? '', messageId ?? -1);
    if (message?.mirror === 'pending') Object.assign(message, { mirror: 'dead', mirrorDetail: cause });
  } else if (kind === 'update' || kind === 'inbox-event') {
    const update = updateOf(db, receivedOn ?? '', updateId ?? -1);
    if (update?.state === 'stored') Object.assign(update, { state: 'dead', detail: cause });
  }
}

export function queueAutomatic(
  db: MemoryDatabase,
  row: {
    readonly workspaceId: string;
    readonly channelId: string;
    readonly chatId: string;
    readonly payload: Readonly<Record<string, unknown>>;
  },
): void {
  enqueue(db, `automatic:${row.channelId}:${row.chatId}`, row.workspaceId, 'automatic', row.payload);
}

export function wasAutomaticSentWithin(
  db: MemoryDatabase,
  asked: {
    readonly channelId: string;
    readonly chatId: string;
    readonly kind: AutomaticKind;
    readonly minutes: number;
  },
): boolean {
  const sinceMs = db.nowMs() - asked.minutes * 60_000;
  for (const { key, origin, content, state, createdAtMs, createdOn } of db.messages.values()) {
    if (key.channelId !== asked.channelId || key.chatId !== asked.chatId || origin !== 'automatic') continue;
    if (!('automatic' in content) || content.automatic !== asked.kind || state === 'failed') continue;
    if (createdAtMs > sinceMs && createdOn >= dayOf(sinceMs)) return true;
  }
  return false;
}

export function acquireLease(db: MemoryDatabase, name: string, epoch: number, leaseMs: number): boolean {
  const held = db.leases.get(name);
  const isFree = held === undefined || held.epoch === epoch || held.untilMs < db.nowMs() || !isAlive(db, held.epoch);
  if (isFree) db.leases.set(name, { epoch, untilMs: db.nowMs() + leaseMs });
  return isFree;
}

export function releaseLease(db: MemoryDatabase, name: string, epoch: number): void {
  if (db.leases.get(name)?.epoch === epoch) db.leases.delete(name);
}

export const automaticAnswersQueries = { queue: queueAutomatic, wasSentWithin: wasAutomaticSentWithin };

export const lanesQueries = { renewLease, finish: finishLane, nextDueInMs, isBusy: isLaneBusy, readJob };

export const deadLettersQueries = { record: recordDeadLetter };
