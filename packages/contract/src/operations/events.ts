import { z } from 'zod';
import { Event } from '../events/event.ts';
import { type EventType, eventTypes } from '../events/event-types.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageQuery } from './paging.ts';

/** The types in a list with commas. Null if one of them is not a type. */
export function readEventTypes(list: string): readonly EventType[] | null {
  const names = list.split(',').map((name) => name.trim());
  const known: ReadonlySet<string> = new Set(eventTypes);
  return names.every((name): name is EventType => known.has(name)) ? names : null;
}

const After = z
  .string()
  .refine((text) => text === 'latest' || idSchema('event').safeParse(text).success, {
    error: 'must be the id of an event, next_after of a page, or "latest".',
  })
  .meta({
    description:
      'Only events after this one: `next_after` of the previous page, or the id of the last event that you have handled. `latest`: only what happens from now on. Absent: from the oldest event; a stream then begins with what happens from now on.',
  });

const Types = z
  .string()
  .max(1_000)
  .refine((text) => readEventTypes(text) !== null, {
    error: 'must be types of events, separated by commas. The schema Event lists them.',
  })
  .meta({
    description: 'Only events of these types, separated by commas. Absent: all.',
    examples: ['message.sent,button.tapped'],
  });

const listEvents = operation({
  id: 'listEvents',
  method: 'GET',
  path: '/api/v1/events',
  auth: 'reader',
  permission: 'read',
  tag: 'Events',
  summary: 'Read the event log, oldest first, or follow it as a stream.',
  description:
    'Everything that happened in what the caller may read: a channel key gets the events of its channel, a workspace key those of its workspace. Each event is in the log once. With `Accept: text/event-stream` the answer is a stream of server-sent events that does not end: `data` is an event as in the pages, and `id` its id. A client that connects again sends the last id as `Last-Event-ID`, which replaces `after`. Without `after`, a stream begins with what happens from now on. The log is kept for 30 days unless the gateway has another setting; an `after` from before that time gets 404, because events after it are gone.',
  query: z.strictObject({ after: After.optional(), types: Types.optional(), limit: pageQuery.limit }),
  responses: {
    200: z
      .strictObject({
        data: z.array(Event),
        next_after: idSchema('event').nullable().meta({
          description: 'How far the log was read: `after` of the next page. Null while the log is empty.',
        }),
        has_more: z.boolean().meta({
          description: 'Whether there may be more to read now. A page can be short, or empty, and have more after it.',
        }),
      })
      .meta({ id: 'EventPage' }),
  },
  eventStream: 'Server-sent events. The `data` of each is the JSON of an `Event`, in one line.',
  errors: ['NOT_FOUND'],
});

export const eventOperations = { listEvents } as const;
