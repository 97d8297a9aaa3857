import { shareOf } from '../../core/webhooks/plan-fan-out.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { ListeningEndpoint } from '../../store/webhook-endpoints.ts';
import type { CursorMove, QueuedEvent } from '../../store/webhook-queue.ts';
import { leaseMs } from '../lanes/run-lane.ts';
import type { Loop } from '../lanes/supervisor.ts';
import type { Worker } from '../lanes/worker.ts';
import { chooseLanes, laneKeyOf } from './choose-lanes.ts';
import { createRoom, type EndpointRoom } from './endpoint-room.ts';

export type FanOutStore = StoreSlice<{
  readonly webhookEndpoints: 'listEnabled';
  readonly webhookQueue: 'fanOut' | 'count';
  readonly webhookDue: 'readPage';
  readonly leases: 'acquire';
}>;

export interface FanOutDeps {
  readonly store: FanOutStore;
  readonly clock: Clock;
  readonly random: Pick<Random, 'uuid'>;
  readonly worker: Pick<Worker, 'room' | 'begin' | 'wake'>;
}

/** A loop that can be told that there may be events. */
export interface FanOutLoop extends Loop {
  wake(): void;
}

/** While events come, the log is looked at this often. */
const pollMs = 50;
/** The same when no event came for `quietAfterMs`. */
const quietPollMs = 250;
const quietAfterMs = 10_000;
/** How soon a new endpoint is noticed that another process made. */
const idleMs = 1_000;
/** How soon another process takes over from one that died or stands still. */
const turnMs = 10_000;
const turnEveryMs = 3_000;
/** Events of one page. */
const pageMax = 500;

/**
 * Queues the events of the log for the endpoints that want them. One process does it at a time; two at once would queue
 * nothing twice, because an endpoint's place moves in the statement that queues.
 */
export function fanOutLoop(deps: FanOutDeps): FanOutLoop {
  const { clock } = deps;
  const turn = createTurn(deps);
  const room = createRoom(deps);
  let nap = new AbortController();
  let isWoken = false;
  let lastEventMs = Number.NEGATIVE_INFINITY;
  const wake = (): void => {
    isWoken = true;
    nap.abort(null);
  };

  /** One round. Returns how long to wait before the next one, in milliseconds. */
  const round = async (): Promise<number> => {
    if (!(await turn.isOurs())) return idleMs;
    const found = await fanOut(deps, room);
    if (found === 'no-endpoints') return idleMs;
    if (found === 'more') return 0;
    const nowMs = clock.monotonicMs();
    if (found === 'some') lastEventMs = nowMs;
    return nowMs - lastEventMs < quietAfterMs ? pollMs : quietPollMs;
  };

  return {
    name: 'webhook-fan-out',
    wake,
    async run(signal) {
      signal.addEventListener('abort', wake);
      try {
        while (!signal.aborted) {
          isWoken = false;
          const pauseMs = await round();
          nap = new AbortController();
          if (!isWoken && !signal.aborted && pauseMs > 0) await clock.sleep(pauseMs, nap.signal);
        }
      } finally {
        signal.removeEventListener('abort', wake);
      }
    },
  };
}

/** Whether this process is the one that queues. Asks the store every few seconds. */
function createTurn({ store, clock }: FanOutDeps) {
  let heldSinceMs: number | null = null;
  return {
    async isOurs(): Promise<boolean> {
      const askedAtMs = clock.monotonicMs();
      if (heldSinceMs !== null && askedAtMs - heldSinceMs <= turnEveryMs) return true;
      heldSinceMs = (await store.leases.acquire('webhook-fan-out', turnMs)) ? askedAtMs : null;
      return heldSinceMs !== null;
    },
  };
}

type Found = 'no-endpoints' | 'nothing' | 'some' | 'more';

/** Queues the next page of events. `more`: there may be more at once. */
async function fanOut(deps: FanOutDeps, room: EndpointRoom): Promise<Found> {
  const endpoints = await deps.store.webhookEndpoints.listEnabled();
  if (endpoints.length === 0) return 'no-endpoints';
  let found: Found = 'nothing';
  for (const group of byCursor(await room.withRoom(endpoints))) {
    const one = await fanOutGroup(deps, room, group);
    if (found !== 'more' && one !== 'nothing') found = one;
  }
  return found;
}

/** Most endpoints are at the same place, so one page serves them all. */
function byCursor(endpoints: readonly ListeningEndpoint[]): readonly (readonly ListeningEndpoint[])[] {
  const groups = new Map<string | null, ListeningEndpoint[]>();
  for (const endpoint of endpoints) {
    const group = groups.get(endpoint.cursor);
    if (group) group.push(endpoint);
    else groups.set(endpoint.cursor, [endpoint]);
  }
  return [...groups.values()];
}

/** Queues the next page for endpoints that are at the same place. */
async function fanOutGroup(deps: FanOutDeps, room: EndpointRoom, group: readonly ListeningEndpoint[]): Promise<Found> {
  const cursor = group[0]?.cursor ?? null;
  const page = await deps.store.webhookDue.readPage(cursor, pageMax);
  const moves: CursorMove[] = [];
  const queued: QueuedEvent[] = [];
  for (const endpoint of group) {
    const share = shareOf(endpoint, page, room.of(endpoint.id));
    if (share.isCut) room.recordFull(endpoint.id);
    if (share.cursor === null || share.cursor === cursor) continue;
    const { id: endpointId, workspaceId, round } = endpoint;
    moves.push({ endpointId, before: cursor, after: share.cursor, round });
    for (const { id: eventId, channelId, chatId } of share.events) {
      queued.push({ endpointId, workspaceId, eventId, channelId, chatId });
    }
    room.take(endpointId, share.events.length);
  }
  if (moves.length > 0) await queue(deps, moves, queued, new Map(group.map(({ id, round }) => [id, round])));
  if (page.hasMore) return 'more';
  return page.events.length > 0 ? 'some' : 'nothing';
}

/** Queues the events, and begins the lanes that are new, as far as the worker has room. */
async function queue(
  { store, worker, clock, random }: FanOutDeps,
  moves: readonly CursorMove[],
  queued: readonly QueuedEvent[],
  rounds: ReadonlyMap<string, number>,
): Promise<void> {
  const lanes = chooseLanes(queued, worker.room, random.uuid, rounds);
  const claimedAtMs = clock.monotonicMs();
  const events = queued.map((event) => ({ ...event, lease: lanes.get(laneKeyOf(event))?.lease ?? null }));
  const claimed = await store.webhookQueue.fanOut({ moves, events, leaseMs });
  const begun = [...lanes.values()].filter(({ lease }) => claimed.has(lease));
  worker.begin(begun, claimedAtMs);
  if (begun.length < new Set(queued.map(laneKeyOf)).size) worker.wake();
}
