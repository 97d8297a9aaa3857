import { type Input, type Output, readEventTypes } from '@chatferry/contract';
import type { Clock } from '../../ports/clock.ts';
import { readEventId } from '../../store/event-ids.ts';
import type { EventScope } from '../../store/events.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import type { LinkTo } from '../messages/file-links.ts';
import { showEvent } from './show-event.ts';

export interface EventDeps {
  readonly linkTo: LinkTo;
  readonly store: StoreSlice<{ readonly events: 'page' | 'last' }>;
  /** How many days events are kept. */
  readonly eventsDays: number;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export type EventsQuery = Input<'listEvents'>['query'];

export async function listEvents(
  deps: EventDeps,
  context: RequestContext,
  { query }: Input<'listEvents'>,
): Promise<Output<'listEvents'>> {
  const after = query.after === undefined ? null : await readStart(deps, query.after);
  const page = await deps.store.events.page({
    after,
    scope: scopeOf(context),
    types: typesOf(query),
    limit: query.limit,
  });
  return {
    data: page.events.map((event) => showEvent(deps.linkTo, event)),
    next_after: page.through,
    has_more: page.hasMore,
  };
}

/** The events that the caller may read. */
export function scopeOf(context: Pick<RequestContext, 'principal'>): EventScope {
  const { workspaces, channelId } = requirePrincipal(context).reach;
  return {
    workspaceIds: workspaces === 'all' ? null : workspaces,
    channelIds: channelId === null ? null : [channelId],
  };
}

export const typesOf = ({ types }: EventsQuery) => (types === undefined ? null : readEventTypes(types));

const dayMs = 86_400_000;

/** The place after which the caller reads. Throws NOT_FOUND if events after it were deleted already. */
export async function readStart({ store, eventsDays, clock }: EventDeps, after: string): Promise<string | null> {
  if (after === 'latest') return store.events.last();
  const place = readEventId(after);
  const firstKept = new Date(clock.nowMs() - eventsDays * dayMs).toISOString().slice(0, 10);
  if (place !== null && place.createdOn >= firstKept) return after;
  const message = `There is no such event, or events after it are deleted already: they are kept for ${eventsDays} days. Read without after from the oldest event, or with after=latest, and compare the messages with your own.`;
  throw new ApiError('NOT_FOUND', { message, details: [{ pointer: '#/query/after', message }] });
}
