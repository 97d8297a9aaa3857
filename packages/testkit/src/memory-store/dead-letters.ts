import type { ClaimedLane, Job } from '@chatferry/gateway/internal/store/lanes';
import type { QueryBinder } from './bind-queries.ts';
import { heldBy, type MemoryDatabase } from './database.ts';
import { messageOf, setMirror } from './messages.ts';
import { updateOf } from './updates.ts';

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
  if (kind === 'mirror' || kind === 'file') {
    const message = messageOf(db, createdOn ?? '', messageId ?? -1);
    if (message?.mirror === 'pending') setMirror(db, message, 'dead', cause);
  } else if (kind === 'update' || kind === 'inbox-event') {
    const update = updateOf(db, receivedOn ?? '', updateId ?? -1);
    if (update?.state === 'stored') Object.assign(update, { state: 'dead', detail: cause });
  }
}

/** The queries of `store.deadLetters`. */
export const deadLetters = ({ bind }: QueryBinder) => bind('deadLetters', { record: recordDeadLetter });
