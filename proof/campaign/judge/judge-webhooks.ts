import type { LoggedEvent, WebhookArrival, WebhookEvidence } from './records.ts';

/** Each list must be empty; each item names what it is about. */
export interface WebhookBreaches {
  /** In the log, and not at the backend of its workspace. */
  readonly lostWebhooks: readonly string[];
  /** Not signed as it must be, not in the log, at another workspace's backend, or repeated under another id. */
  readonly wrongWebhooks: readonly string[];
  /** At the backend for the first time after a later event of its chat. */
  readonly webhookInversions: readonly string[];
  /** More than once in the log. */
  readonly doubledEvents: readonly string[];
}

/** Compares the log with what reached the backends. Pure. A backend may get an event again, under the same id. */
export function judgeWebhooks({ log, arrivals, listening }: WebhookEvidence): WebhookBreaches {
  const logged = new Map(log.map((event) => [event.id, event]));
  const placeOf = new Map(log.map(({ id }, place) => [id, place]));
  const first = firstArrivals(arrivals);
  const heard = new Set(listening);
  return {
    lostWebhooks: log
      .filter(({ id, workspaceId }) => workspaceId !== null && heard.has(workspaceId) && !first.has(id))
      .map(describe),
    wrongWebhooks: [
      ...arrivals.flatMap((arrival) => problemsOf(arrival, logged.get(arrival.eventId))),
      ...renamed(first),
    ],
    webhookInversions: inversions(
      [...first.keys()].flatMap((id) => logged.get(id) ?? []),
      placeOf,
    ),
    doubledEvents: doubled(log),
  };
}

const describe = ({ id, type, channelId, chatId, messageId }: LoggedEvent): string =>
  `${type} of message ${messageId} in ${channelId}:${chatId} (${id})`;

/** The first arrival of each event, in order. */
function firstArrivals(arrivals: readonly WebhookArrival[]): ReadonlyMap<string, WebhookArrival> {
  const first = new Map<string, WebhookArrival>();
  for (const arrival of arrivals) if (!first.has(arrival.eventId)) first.set(arrival.eventId, arrival);
  return first;
}

function problemsOf({ eventId, workspaceId, type, problem }: WebhookArrival, event?: LoggedEvent): readonly string[] {
  const name = `${type} (${eventId})`;
  if (problem !== null) return [`${name}: ${problem}`];
  if (event === undefined) return [`${name} is not in the log`];
  if (event.workspaceId !== workspaceId) return [`${name} of ${event.workspaceId} arrived at ${workspaceId}`];
  return event.type === type ? [] : [`${name} is ${event.type} in the log`];
}

/** What happened once to a message arrived under several ids. */
function renamed(first: ReadonlyMap<string, WebhookArrival>): readonly string[] {
  return repeated(
    [...first.values()].flatMap(({ type, messageId }) =>
      messageId === null ? [] : [`${type} of message ${messageId}`],
    ),
  ).map((fact) => `${fact} arrived under several ids`);
}

/** A message of a campaign is never edited or deleted, so nothing happens to it twice. */
const doubled = (log: readonly LoggedEvent[]): readonly string[] =>
  repeated(log.flatMap(({ type, messageId }) => (messageId === null ? [] : [`${type} of message ${messageId}`])));

function repeated(facts: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const fact of facts) (seen.has(fact) ? again : seen).add(fact);
  return [...again];
}

function inversions(events: readonly LoggedEvent[], placeOf: ReadonlyMap<string, number>): readonly string[] {
  const newest = new Map<string, LoggedEvent>();
  return events.flatMap((event) => {
    const chat = `${event.channelId}:${event.chatId}`;
    const before = newest.get(chat);
    if (before === undefined || (placeOf.get(before.id) ?? 0) < (placeOf.get(event.id) ?? 0)) {
      newest.set(chat, event);
      return [];
    }
    return [`${describe(event)} after ${describe(before)}`];
  });
}
