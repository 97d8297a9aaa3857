import type { Pool } from 'pg';
import type { ClaimedLane, Job } from './lanes.ts';

/** Puts a job that needs a person aside, so that its lane goes on. The caller finishes the job in its lane. */
export async function recordDeadLetter(db: Pool, lane: ClaimedLane, job: Job, cause: string): Promise<void> {
  await db.query({
    name: 'record-dead-letter',
    text: `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures) values ($1, $2, $3, $4, $5, $6)`,
    values: [lane.workspaceId, lane.key, job.kind, JSON.stringify(job.payload), cause, lane.failures],
  });
}
