import { bindHandlers } from '../bind-handlers.ts';
import { createWebhookEndpoint } from './create-endpoint.ts';
import { listWebhookDeliveries } from './list-deliveries.ts';
import {
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from './manage-endpoints.ts';
import { replayWebhookEvents } from './replay-events.ts';
import { testWebhookEndpoint } from './test-endpoint.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Manages the endpoints to which events are sent. */
export const webhookHandlers = (deps: WebhookDeps) =>
  bindHandlers(deps, {
    createWebhookEndpoint,
    listWebhookEndpoints,
    getWebhookEndpoint,
    updateWebhookEndpoint,
    deleteWebhookEndpoint,
    rotateWebhookSecret,
    listWebhookDeliveries,
    replayWebhookEvents,
    testWebhookEndpoint,
  });
