import { webhookLaneKey } from '../../store/lane-keys.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { QueuedEvent } from '../../store/webhook-queue.ts';

export const laneKeyOf = ({ endpointId, channelId, chatId }: QueuedEvent): string =>
  webhookLaneKey(endpointId, channelId, chatId);

/** A claim includes this many jobs of a lane at most, like every claim. */
const jobsMax = 10;

interface NewLane extends Omit<ClaimedLane, 'jobs'> {
  readonly jobs: Job[];
}

/**
 * The lanes that this process works on at once if they are new, each with its first jobs: as many of each endpoint as
 * there is room for.
 */
export function chooseLanes(
  queued: readonly QueuedEvent[],
  roomOf: (party: string) => number,
  makeLease: () => string,
  rounds: ReadonlyMap<string, number>,
): ReadonlyMap<string, ClaimedLane> {
  const rooms = new Map<string, number>();
  const lanes = new Map<string, NewLane>();
  for (const event of queued) {
    const { endpointId, eventId, workspaceId } = event;
    const key = laneKeyOf(event);
    const party = `webhook:${endpointId}`;
    let lane = lanes.get(key);
    if (lane === undefined) {
      const room = rooms.get(party) ?? roomOf(party);
      rooms.set(party, room - 1);
      if (room <= 0) continue;
      lane = { key, party, workspaceId, lease: makeLease(), failures: 0, starts: 1, watchedTo: 0, jobs: [] };
      lanes.set(key, lane);
    }
    const { jobs } = lane;
    const payload = { endpointId, eventId, round: rounds.get(endpointId) ?? 0 };
    if (jobs.length < jobsMax) jobs.push({ seq: jobs.length + 1, kind: 'webhook', payload });
  }
  return lanes;
}
