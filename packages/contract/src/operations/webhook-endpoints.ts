import { z } from 'zod';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { overlapSecondsDefault, overlapSecondsMax } from './keys.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';
import {
  EventId,
  EventTypes,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEndpoint,
  webhookDeliveryStates,
  webhookEndpointFields,
} from './webhook-endpoint.ts';

/** The maximum number of events that one replay names. */
export const replayEventsMax = 1000;
/** The maximum number of channels that an endpoint names. */
const channelsMax = 200;

const Url = z
  .string()
  .max(2000)
  .meta({
    description:
      'Where the events go: an https address without a user name and without a fragment. An address in a private network, or without TLS, is accepted only if the operator lists its origin in `CHATFERRY_ALLOWED_PRIVATE_ORIGINS`.',
    examples: ['https://backend.example.com/hooks/chatferry'],
  });
const Description = z.string().trim().max(500).meta({ description: 'Your own note. It is never sent.' });
const Types = EventTypes.nullable().meta({ description: 'The types of events to send. Null: all, also future ones.' });
const ChannelIds = z.array(idSchema('channel')).min(1).max(channelsMax).nullable().meta({
  description:
    'Only events of these channels. Null: all events of the workspace, also those that belong to no channel.',
});
const Enabled = z.boolean().meta({
  description:
    'False: nothing is sent until it is true again. What waits is kept, and so is the place in the event log.',
});

const Secret = z.string().meta({
  secret: true,
  description: 'The signing secret, `whsec_…`. Shown here and never again. Standard Webhooks.',
  examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
});

const WebhookEndpointCreated = z
  .strictObject({ ...webhookEndpointFields, secret: Secret })
  .meta({ id: 'WebhookEndpointCreated' });

const path = '/api/v1/webhook-endpoints/{endpoint_id}';
const params = z.strictObject({ endpoint_id: idSchema('webhookEndpoint') });
const shared = { auth: 'any', permission: 'manage', tag: 'Webhooks' } as const;

const createWebhookEndpoint = operation({
  ...shared,
  id: 'createWebhookEndpoint',
  method: 'POST',
  repetition: 'once',
  ifLost:
    'POST /api/v1/webhook-endpoints/{id}/rotate-secret with a new Idempotency-Key gives a secret that you see, or DELETE /api/v1/webhook-endpoints/{id} deletes the endpoint.',
  path: '/api/v1/webhook-endpoints',
  summary: 'Have events sent to your backend.',
  description:
    'Every event of the workspace that happens from now on is sent to the address by POST, signed as Standard Webhooks describe, in order for each chat. Any answer 2xx within 15 seconds accepts it.',
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      url: Url,
      workspace_id: idSchema('workspace').optional().meta({
        description: 'Whose events. May be absent if the caller has access to exactly one workspace.',
      }),
      types: Types.optional(),
      channel_ids: ChannelIds.optional(),
      description: Description.optional(),
      enabled: Enabled.optional(),
    })
    .meta({ id: 'CreateWebhookEndpoint' }),
  responses: { 201: WebhookEndpointCreated },
  errors: ['NOT_FOUND'],
  examples: {
    everything: { summary: 'All events', value: { url: 'https://backend.example.com/hooks/chatferry' } },
    taps: {
      summary: 'Only taps and messages of customers',
      value: {
        url: 'https://backend.example.com/hooks/chatferry',
        types: ['button.tapped', 'message.received'],
        channel_ids: ['chn_01k8xample'],
        description: 'Orders',
      },
    },
  },
});

const listWebhookEndpoints = operation({
  ...shared,
  id: 'listWebhookEndpoints',
  method: 'GET',
  path: '/api/v1/webhook-endpoints',
  summary: 'List webhook endpoints.',
  description: 'Oldest first. Secrets are never shown.',
  query: z.strictObject({ ...pageQuery, workspace_id: idSchema('workspace').optional() }),
  responses: { 200: pageOf(WebhookEndpoint).meta({ id: 'WebhookEndpointPage' }) },
  errors: [],
});

const getWebhookEndpoint = operation({
  ...shared,
  id: 'getWebhookEndpoint',
  method: 'GET',
  path,
  summary: 'Show a webhook endpoint and its state.',
  description: 'Says whether events reach it, and how many wait.',
  params,
  responses: { 200: WebhookEndpoint },
  errors: ['NOT_FOUND'],
});

const updateWebhookEndpoint = operation({
  ...shared,
  id: 'updateWebhookEndpoint',
  method: 'PATCH',
  path,
  summary: 'Change a webhook endpoint, disable it or enable it.',
  description:
    'Absent fields do not change. An endpoint that is enabled again continues where it stopped: first what waited, then the rest of the event log, in order. With `skip_missed` it begins with the next event.',
  params,
  body: z
    .strictObject({
      url: Url.optional(),
      types: Types.optional(),
      channel_ids: ChannelIds.optional(),
      description: Description.optional(),
      enabled: Enabled.optional(),
      skip_missed: z.boolean().optional().meta({
        description: 'True: what waits now is not sent, and neither is what the endpoint has missed.',
      }),
    })
    .meta({ id: 'UpdateWebhookEndpoint' }),
  responses: { 200: WebhookEndpoint },
  errors: ['NOT_FOUND'],
  examples: {
    disable: { summary: 'Stop for now', value: { enabled: false } },
    enable: { summary: 'Continue with the next event', value: { enabled: true, skip_missed: true } },
  },
});

const deleteWebhookEndpoint = operation({
  ...shared,
  id: 'deleteWebhookEndpoint',
  method: 'DELETE',
  path,
  summary: 'Delete a webhook endpoint.',
  description: 'Deletes its deliveries, too. A request that is under way is not stopped.',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
});

const rotateWebhookSecret = operation({
  ...shared,
  id: 'rotateWebhookSecret',
  method: 'POST',
  repetition: 'once',
  ifLost: 'Rotate the secret of {id} again, with a new Idempotency-Key.',
  path: `${path}/rotate-secret`,
  summary: 'Replace the signing secret.',
  description:
    'Returns the new secret, only once. Until the overlap ends every request carries two signatures, one of each secret, so that you can change yours at any moment. A rotation during an overlap ends the older secret at once.',
  headers: IdempotentHeaders,
  params,
  body: z
    .strictObject({ overlap_seconds: z.int().min(0).max(overlapSecondsMax).default(overlapSecondsDefault) })
    .meta({ id: 'RotateWebhookSecret' }),
  responses: { 200: WebhookEndpointCreated },
  errors: ['NOT_FOUND'],
  examples: { usual: { summary: 'With a day of overlap', value: {} } },
});

const listWebhookDeliveries = operation({
  ...shared,
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: `${path}/deliveries`,
  summary: 'List deliveries of a webhook endpoint with their attempts.',
  description:
    'Newest event first. Each attempt has the headers that were sent, and the status, headers and first 4 KB of the answer. An event appears after its first attempt. Kept as long as the event log.',
  params,
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(webhookDeliveryStates).optional(),
    event_id: EventId.optional(),
  }),
  responses: { 200: pageOf(WebhookDelivery).meta({ id: 'WebhookDeliveryPage' }) },
  errors: ['NOT_FOUND'],
});

const replayWebhookEvents = operation({
  ...shared,
  id: 'replayWebhookEvents',
  method: 'POST',
  repetition: 'safe',
  path: `${path}/replay`,
  summary: 'Send events again.',
  description:
    'With `event_ids`: these events of the workspace, in order, behind what waits now. With `since`: the endpoint goes back to that moment and gets everything from there again, in order; what waits now is not sent twice. Both keep the ids of the events, so that a receiver that remembers ids notices the repetition.',
  params,
  body: z
    .union([
      z.strictObject({ event_ids: z.array(EventId).min(1).max(replayEventsMax) }),
      z.strictObject({ since: Timestamp }),
    ])
    .meta({ id: 'ReplayWebhookEvents' }),
  responses: {
    200: z
      .strictObject({
        queued: z.int().min(0).nullable().meta({
          description: 'How many events were queued. Null with `since`: they are read from the log one after another.',
        }),
        not_found: z.array(EventId).meta({ description: 'Ids of events that the log does not have, or not any more.' }),
      })
      .meta({ id: 'WebhookReplayStarted' }),
  },
  errors: ['NOT_FOUND'],
  examples: {
    since: { summary: 'Everything since a moment', value: { since: '2026-01-31T12:00:00.000Z' } },
  },
});

const testWebhookEndpoint = operation({
  ...shared,
  id: 'testWebhookEndpoint',
  method: 'POST',
  repetition: 'safe',
  path: `${path}/test`,
  summary: 'Send a test event now, and show what the endpoint answers.',
  description:
    'Sends one signed event of the type `webhook.test`, once, and waits for the answer: at most 15 seconds. It is not part of the event log. It is also sent to a disabled endpoint.',
  params,
  responses: { 200: WebhookAttempt },
  errors: ['NOT_FOUND'],
});

export const webhookEndpointOperations = {
  createWebhookEndpoint,
  listWebhookEndpoints,
  getWebhookEndpoint,
  updateWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  listWebhookDeliveries,
  replayWebhookEvents,
  testWebhookEndpoint,
} as const;
