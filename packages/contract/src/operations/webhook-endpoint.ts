/** The objects of webhooks to the caller's backend: the endpoint, and what was delivered to it. */
import { z } from 'zod';
import { Event } from '../events/event.ts';
import { eventTypes } from '../events/event-types.ts';
import { idSchema } from '../ids.ts';
import { Timestamp } from './paging.ts';

/** The id of an event. */
export const EventId = idSchema('event').meta({
  description: 'The id of an event. Ids sort in the order in which events are read.',
});

/** The types of events that an endpoint wants. */
export const EventTypes = z.array(z.enum(eventTypes)).min(1).max(eventTypes.length);

/** Why an endpoint is disabled. */
export const webhookDisabledReasons = ['by_request', 'gone', 'failing'] as const;

export const webhookEndpointFields = {
  id: idSchema('webhookEndpoint'),
  workspace_id: idSchema('workspace'),
  url: z.string(),
  description: z.string(),
  types: z.array(z.enum(eventTypes)).nullable().meta({ description: 'The types of events that are sent. Null: all.' }),
  channel_ids: z.array(z.string()).nullable().meta({ description: 'Only events of these channels. Null: all.' }),
  enabled: z.boolean(),
  disabled_reason: z.enum(webhookDisabledReasons).nullable().meta({
    description:
      '`by_request`: someone disabled it; `gone`: it answered 410; `failing`: it accepted nothing for a week. Null while it is enabled.',
  }),
  disabled_at: Timestamp.nullable(),
  failing_since: Timestamp.nullable().meta({
    description: 'When the attempts began to fail. Null after an accepted one.',
  }),
  last_failure: z.string().nullable().meta({ description: 'Why the last failed attempt failed.' }),
  waiting: z.int().min(0).meta({
    description: 'The events that are queued for it. At most about 1,000: later ones stay in the log until then.',
  }),
  previous_secret_until: Timestamp.nullable().meta({
    description: 'Until then requests also carry a signature of the secret before the last rotation.',
  }),
  created_at: Timestamp,
} as const;

export const WebhookEndpoint = z.strictObject(webhookEndpointFields).meta({
  id: 'WebhookEndpoint',
  description: 'An address of your backend to which events are sent.',
});
export type WebhookEndpoint = z.output<typeof WebhookEndpoint>;

const Headers = z.record(z.string(), z.string());

/** The most bytes of an answer that are stored. */
export const webhookAnswerBytesMax = 4096;

export const WebhookAttempt = z
  .strictObject({
    at: Timestamp,
    duration_ms: z.int().min(0),
    delivered: z.boolean().meta({ description: 'Whether the endpoint accepted the event: an answer 2xx.' }),
    request: z.strictObject({ headers: Headers }),
    response: z
      .strictObject({
        status: z.int(),
        headers: Headers,
        body: z.string().meta({ description: `The first ${webhookAnswerBytesMax} bytes, as text.` }),
      })
      .nullable()
      .meta({ description: 'Null if there was no whole answer.' }),
    error: z.string().nullable().meta({ description: 'Why it was not delivered. Null if it was.' }),
  })
  .meta({ id: 'WebhookAttempt', description: 'One request to a webhook endpoint.' });
export type WebhookAttempt = z.output<typeof WebhookAttempt>;

export const webhookDeliveryStates = ['waiting', 'delivered', 'failed'] as const;

export const WebhookDelivery = z
  .strictObject({
    event_id: EventId,
    type: z.string(),
    channel_id: idSchema('channel').nullable(),
    chat_id: z.string().nullable(),
    message_id: z.int().nullable(),
    state: z.enum(webhookDeliveryStates).meta({
      description:
        '`waiting`: it is tried again; `delivered`: accepted; `failed`: given up after the last attempt. A replay begins again.',
    }),
    next_attempt_at: Timestamp.nullable().meta({ description: 'About when it is tried again, if it waits.' }),
    attempts: z.array(WebhookAttempt).meta({ description: 'Oldest first. At most the last 20.' }),
    event: Event.nullable().meta({
      description: 'The body of the request, as the event reads now. Null if the event is no longer stored.',
    }),
  })
  .meta({ id: 'WebhookDelivery', description: 'One event for one webhook endpoint.' });
export type WebhookDelivery = z.output<typeof WebhookDelivery>;
