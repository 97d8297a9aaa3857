import type { ClaimedLane } from '@chatferry/gateway/internal/store/lanes';
import {
  type StoredUpdate,
  type UpdateOrder,
  type UpdateRow,
  updateConflictKey,
  type WaitingUpdate,
} from '@chatferry/gateway/internal/store/updates';
import type { QueryBinder } from './bind-queries.ts';
import { dayOf, enqueue, type MemoryDatabase, type UpdateRecord } from './database.ts';

/** The limits of the real `readUpdateOrder`. */
const lookBackMax = 8;
const lookBehindMax = 50;
const closeMs = 5_000;

export const fenceId = (ownerId: string, externalId: string): string => `${ownerId}\n${externalId}`;

export const storeUpdates = (db: MemoryDatabase, rows: readonly UpdateRow[]): readonly boolean[] =>
  rows.map((row) => {
    const fence = fenceId(row.ownerId, row.externalId);
    if (db.fences.has(fence)) return false;
    db.fences.add(fence);
    db.sequences.update += 1;
    const updateId = db.sequences.update;
    const receivedOn = dayOf(db.nowMs());
    const { workspaceId, channelId, source, externalId, body, ignored } = row;
    db.updates.set(updateId, {
      workspaceId,
      channelId,
      source,
      externalId,
      body,
      receivedOn,
      state: ignored === null ? 'stored' : 'ignored',
      detail: ignored,
      receivedAtMs: db.nowMs(),
    });
    if (row.laneKey !== null) enqueue(db, row.laneKey, workspaceId, row.jobKind, { updateId, receivedOn });
    return true;
  });

export function updateOf(db: MemoryDatabase, receivedOn: string, updateId: number): UpdateRecord | undefined {
  const update = db.updates.get(updateId);
  return update?.receivedOn === receivedOn ? update : undefined;
}

export function readUpdate(db: MemoryDatabase, receivedOn: string, updateId: number): StoredUpdate | null {
  const update = updateOf(db, receivedOn, updateId);
  if (!update) return null;
  const { workspaceId, channelId, body, state, receivedAtMs } = update;
  return { workspaceId, channelId, body, state, receivedAtMs, ageMs: db.nowMs() - receivedAtMs };
}

export function readUpdatesBehind(
  db: MemoryDatabase,
  laneKey: string,
  seq: number,
  limit: number,
): readonly WaitingUpdate[] {
  return (db.jobs.get(laneKey) ?? [])
    .filter((job) => job.seq > seq && job.kind === 'update')
    .slice(0, limit)
    .flatMap(({ payload }) => {
      const { updateId, receivedOn } = payload as { updateId: number; receivedOn: string };
      const update = updateOf(db, receivedOn, updateId);
      return update?.state === 'stored' ? [{ receivedOn, updateId, body: update.body }] : [];
    });
}

export function dropUpdate(db: MemoryDatabase, receivedOn: string, updateId: number): void {
  const update = updateOf(db, receivedOn, updateId);
  if (update) Object.assign(update, { state: 'ignored', detail: 'erased', body: Buffer.from('{}') });
}

export function finishUpdate(
  db: MemoryDatabase,
  receivedOn: string,
  updateId: number,
  state: 'applied' | 'ignored' | 'dead',
  detail: string | null,
): void {
  const update = updateOf(db, receivedOn, updateId);
  if (update) Object.assign(update, { state, detail });
}

const numberOf = (externalId: string): number | null => {
  const digits = /^update:([0-9]{1,15})$/.exec(externalId)?.[1];
  return digits === undefined ? null : Number(digits);
};

export function readUpdateOrder(
  db: MemoryDatabase,
  lane: ClaimedLane,
  seq: number,
  { receivedOn, updateId }: { readonly receivedOn: string; readonly updateId: number },
): UpdateOrder | null {
  const update = updateOf(db, receivedOn, updateId);
  const number = numberOf(update?.externalId ?? '');
  if (!update || number === null) return null;
  let count = 0;
  let lowest = number;
  for (let near = number - 1; near >= Math.max(number - lookBackMax, 0); near -= 1) {
    if (!db.fences.has(fenceId(update.channelId ?? '', `update:${near}`))) continue;
    count += 1;
    lowest = near;
  }
  const behind = (db.jobs.get(lane.key) ?? [])
    .filter((job) => job.seq > seq && job.seq <= seq + lookBehindMax && job.kind === 'update')
    .flatMap((job) => {
      const payload = job.payload as { readonly receivedOn: string; readonly updateId: number };
      const other = updateOf(db, payload.receivedOn, payload.updateId);
      const otherNumber = numberOf(other?.externalId ?? '');
      if (other?.state !== 'stored' || otherNumber === null || otherNumber >= number) return [];
      return other.receivedAtMs < update.receivedAtMs + closeMs ? [{ seq: job.seq, number: otherNumber }] : [];
    })
    .sort((a, b) => a.number - b.number);
  return {
    earlierSeq: behind[0]?.seq ?? null,
    ageMs: db.nowMs() - update.receivedAtMs,
    hasGap: count > 0 && number - lowest > count,
  };
}

/** The queries of `store.updates`. */
export const updates = ({ bind, batch }: QueryBinder) => ({
  ...bind('updates', {
    read: readUpdate,
    drop: dropUpdate,
    listBehind: readUpdatesBehind,
    finish: finishUpdate,
    readOrder: readUpdateOrder,
  }),
  store: batch<UpdateRow, boolean>('updates.store', storeUpdates, updateConflictKey),
});
