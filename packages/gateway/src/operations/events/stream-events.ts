import type { Event } from '@chatferry/contract';
import type { Clock } from '../../ports/clock.ts';
import type { EventScope, StoredEvent } from '../../store/events.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import type { LinkTo } from '../messages/file-links.ts';
import type { EventTail } from './event-tail.ts';
import { type EventDeps, type EventsQuery, readStart, scopeOf, typesOf } from './list-events.ts';
import { showEvent } from './show-event.ts';

export interface StreamDeps extends EventDeps {
  readonly tail: EventTail;
  readonly clock: Clock;
}

/** One stream: who asks for what, and from where. */
export interface StreamRequest {
  readonly context: RequestContext;
  readonly query: EventsQuery;
  /** The header `Last-Event-ID`. It replaces `after`. */
  readonly lastEventId: string | null;
  /** Whether the caller may still read the same. Asked while the stream lasts. */
  readonly mayContinue: () => Promise<boolean>;
}

export interface EventStreams {
  /** Opens a stream: its text, piece by piece. Throws for a place that cannot be read, and RATE_LIMITED for too many streams. */
  open(request: StreamRequest): Promise<EventStream>;
  /** Ends all streams. */
  close(): void;
}

export interface EventStream {
  readonly chunks: AsyncGenerator<string>;
  /** Ends the stream: `chunks` ends soon after. */
  end(): void;
}

/** Of one statement, and so of the memory that one stream takes. */
const pageMax = 100;
/** Proxies end connections on which nothing is sent for a minute. */
const beatMs = 15_000;
/** How often the credential is looked at again. */
const recheckMs = 5_000;
/** For the client: how long it waits before it connects again. */
const reconnectMs = 2_000;
const streamsMaxPerCaller = 20;
/** A tenant can make as many keys as it likes. */
const streamsMaxPerTenant = 100;
const streamsMax = 500;

export function createEventStreams(deps: StreamDeps): EventStreams {
  const closing = new AbortController();
  const counts = new Map<string, number>();
  let total = 0;
  const add = (owner: string, change: 1 | -1): void => {
    const count = (counts.get(owner) ?? 0) + change;
    if (count === 0) counts.delete(owner);
    else counts.set(owner, count);
  };
  const enter = ({ id, tenant }: Owners): void => {
    const count = counts.get(id) ?? 0;
    const isFull = total >= streamsMax || (tenant !== null && (counts.get(tenant) ?? 0) >= streamsMaxPerTenant);
    if (count >= streamsMaxPerCaller || isFull) throw tooManyStreams(count);
    change({ id, tenant }, 1);
  };
  const change = ({ id, tenant }: Owners, by: 1 | -1): void => {
    add(id, by);
    if (tenant !== null) add(tenant, by);
    total += by;
  };
  return {
    async open(request) {
      const start = await startOf(deps, request);
      const owners = ownersOf(request.context);
      enter(owners);
      const ending = new AbortController();
      const signal = AbortSignal.any([closing.signal, ending.signal]);
      let isOpen = true;
      const end = (): void => {
        ending.abort();
        if (isOpen) change(owners, -1);
        isOpen = false;
      };
      return { chunks: follow(deps, request, start, signal), end };
    },
    close: () => closing.abort(),
  };
}

/** By whom streams are counted. `tenant` is null for a caller of the whole installation. */
interface Owners {
  readonly id: string;
  readonly tenant: string | null;
}

function ownersOf(context: RequestContext): Owners {
  const { id, reach } = requirePrincipal(context);
  return { id, tenant: reach.workspaces === 'all' ? null : reach.workspaces.toSorted().join(',') };
}

const tooManyStreams = (ofCaller: number): ApiError =>
  new ApiError('RATE_LIMITED', {
    message: `There are too many open streams${ofCaller >= streamsMaxPerCaller ? ` of this credential: at most ${streamsMaxPerCaller}` : ''}. Close one, or read pages.`,
    retryAfterMs: 10_000,
  });

async function startOf(deps: StreamDeps, { query, lastEventId }: StreamRequest): Promise<string | null> {
  if (lastEventId === null || lastEventId === '') return readStart(deps, query.after ?? 'latest');
  if (!/^evt_[0-9a-z]{1,40}$/.test(lastEventId))
    throw invalidValue('#/headers/last-event-id', 'Last-Event-ID must be the id of an event.');
  return readStart(deps, lastEventId);
}

/**
 * The text of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). It is made only as fast as it is
 * taken, so a slow reader costs one page of memory.
 */
async function* follow(
  deps: StreamDeps,
  { context, query, mayContinue }: StreamRequest,
  start: string | null,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { store, clock, tail } = deps;
  const scope: EventScope = scopeOf(context);
  const types = typesOf(query);
  let after = start;
  let checkedAtMs = clock.monotonicMs();
  let wroteAtMs = checkedAtMs;
  yield `retry: ${reconnectMs}\n${idLine(after)}\n`;
  while (!signal.aborted) {
    const page = await store.events.page({ after, scope, types, limit: pageMax });
    after = page.through;
    const isBeatDue = clock.monotonicMs() - wroteAtMs >= beatMs;
    if (page.events.length > 0 || isBeatDue) {
      // The id without data tells the client how far the log was read, past events of others.
      yield page.events.length > 0
        ? page.events.map((event) => blockOf(deps.linkTo, event)).join('')
        : `: alive\n${idLine(after)}\n`;
      wroteAtMs = clock.monotonicMs();
    }
    if (clock.monotonicMs() - checkedAtMs >= recheckMs) {
      if (!(await mayContinue())) return;
      checkedAtMs = clock.monotonicMs();
    }
    if (!page.hasMore) await waitForEvents(tail, clock, after, signal);
  }
}

const idLine = (id: string | null): string => (id === null ? '' : `id: ${id}\n`);

const blockOf = (linkTo: LinkTo, stored: StoredEvent): string => {
  const event: Event = showEvent(linkTo, stored);
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
};

/** Until the log has grown, or the caller must be looked at again. */
async function waitForEvents(tail: EventTail, clock: Clock, after: string | null, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const either = AbortSignal.any([signal, woken.signal]);
  void clock.sleep(recheckMs, either).then(() => woken.abort());
  await tail.grownPast(after, either);
  woken.abort();
}
