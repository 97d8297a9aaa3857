import type { OpenApiSchema } from './open-api-shape.ts';

/**
 * What the providers' documentation pages say about webhooks: the OpenAPI descriptions have none. What a webhook contains
 * of an object (a conversation, a contact, a message) is compared with the description of that object.
 */

/** Of Intercom: https://developers.intercom.com/docs/references/2.16/webhooks/webhook-models */
export const intercomNotification: OpenApiSchema = {
  type: 'object',
  required: ['type', 'id', 'app_id', 'topic', 'created_at', 'delivery_attempts', 'first_sent_at', 'data'],
  properties: {
    type: { type: 'string', enum: ['notification_event'] },
    id: { type: 'string' },
    app_id: { type: 'string' },
    topic: { type: 'string' },
    created_at: { type: 'integer' },
    delivery_attempts: { type: 'integer', minimum: 1 },
    delivery_status: { type: 'string', nullable: true },
    delivered_at: { type: 'integer' },
    first_sent_at: { type: 'integer' },
    links: { type: 'object' },
    self: { type: 'string', nullable: true },
    data: {
      type: 'object',
      required: ['type', 'item'],
      properties: { type: { type: 'string', enum: ['notification_event_data'] }, item: {} },
    },
  },
};

export const intercomNotificationSource = "Intercom's page on webhook models";

/** The schema of the description that `data.item` has, by topic. */
export function intercomItemSchema(topic: string): string | undefined {
  if (topic === 'ping') return undefined;
  if (topic.startsWith('contact.')) return 'contact';
  return topic.startsWith('conversation') ? 'conversation' : undefined;
}

const hubspotEventFields = {
  portalId: { type: 'string' },
  channelId: { type: 'string' },
  eventId: { type: 'string' },
  eventTimestamp: { type: 'string', format: 'date-time' },
};

const hubspotAccountEvent = (type: string): OpenApiSchema => ({
  type: 'object',
  required: ['type', ...Object.keys(hubspotEventFields), 'channelAccountId', 'authorized'],
  properties: {
    type: { type: 'string', enum: [type] },
    ...hubspotEventFields,
    channelAccountId: { type: 'string' },
    channelAccountDeliveryIdentifier: {
      type: 'object',
      required: ['type', 'value'],
      properties: { type: { type: 'string' }, value: { type: 'string' } },
    },
    authorized: { type: 'boolean' },
  },
});

/** Of HubSpot: https://developers.hubspot.com/docs/api-reference/2026-03/conversations/custom-channels/guide */
export const hubspotEvents: Readonly<Record<string, OpenApiSchema>> = {
  OUTGOING_CHANNEL_MESSAGE_CREATED: {
    type: 'object',
    required: ['type', ...Object.keys(hubspotEventFields), 'channelIntegrationThreadIds', 'message'],
    properties: {
      type: { type: 'string', enum: ['OUTGOING_CHANNEL_MESSAGE_CREATED'] },
      ...hubspotEventFields,
      channelIntegrationThreadIds: { type: 'array', items: { type: 'string' } },
      message: {},
    },
  },
  CHANNEL_ACCOUNT_CREATED: hubspotAccountEvent('CHANNEL_ACCOUNT_CREATED'),
  CHANNEL_ACCOUNT_UPDATED: hubspotAccountEvent('CHANNEL_ACCOUNT_UPDATED'),
  CHANNEL_ACCOUNT_PURGED: hubspotAccountEvent('CHANNEL_ACCOUNT_PURGED'),
};

export const hubspotEventSource = "HubSpot's guide to custom channels";
