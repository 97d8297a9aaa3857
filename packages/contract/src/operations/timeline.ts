import { z } from 'zod';
import { eventTypes } from '../events/event-types.ts';
import { operation } from '../operation.ts';
import { MessageId } from './message-conditions.ts';
import { Timestamp } from './paging.ts';

export const timelineKinds = ['request', 'attempt', 'event', 'tap', 'reply', 'delivery'] as const;

export const TimelineEntry = z
  .strictObject({
    at: Timestamp,
    kind: z.enum(timelineKinds).meta({
      description:
        '`request`: the request was valid and was stored; `attempt`: one request to Telegram; `event`: an entry of the event log; `tap` and `reply`: what the customer did with the message; `delivery`: one request to a webhook endpoint.',
    }),
    text: z.string().meta({ description: 'What happened, in a sentence for people.' }),
    event_id: z.string().nullable().meta({ description: 'Of an event, and of a delivery: the event that was sent.' }),
    event_type: z.enum(eventTypes).nullable(),
    message_id: z.int().nullable().meta({ description: 'Of a tap and a reply: the message of the customer.' }),
    endpoint_id: z.string().nullable().meta({ description: 'Of a delivery: the webhook endpoint.' }),
    succeeded: z.boolean().nullable().meta({
      description: 'Of an attempt and a delivery: whether it was accepted. Null while it runs, and for other kinds.',
    }),
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.output<typeof TimelineEntry>;

const getMessageTimeline = operation({
  id: 'getMessageTimeline',
  method: 'GET',
  path: '/api/v1/messages/{message_id}/timeline',
  auth: 'key',
  permission: 'read',
  tag: 'Messages',
  summary: 'Show everything that happened to a message, oldest first.',
  description:
    'The request, each attempt, the copy in the inbox, taps, replies, edits, and each request to a webhook endpoint, in one list.',
  params: z.strictObject({ message_id: MessageId }),
  responses: { 200: z.strictObject({ data: z.array(TimelineEntry) }).meta({ id: 'Timeline' }) },
  errors: ['NOT_FOUND'],
});

export const timelineOperations = { getMessageTimeline } as const;
