import type { ClaimedLane } from '@chatferry/gateway/internal/store/lanes';
import type { UpdateOrder } from '@chatferry/gateway/internal/store/updates';
import type { MemoryDatabase } from './database.ts';
import { fenceId, updateOf } from './updates.ts';

/** As the statement has them. */
const lookBackMax = 8;
const lookBehindMax = 50;
const closeMs = 5_000;

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

export const updatesQueriesOfOrder = { readOrder: readUpdateOrder };

export const lanesQueriesOfOrder = { moveJobAhead };
