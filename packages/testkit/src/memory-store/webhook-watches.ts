import type { WebhookWatch } from '@chatferry/gateway/internal/core/health/watch-webhook';
import type { SuspectChannel } from '@chatferry/gateway/internal/store/webhook-watches';
import type { QueryBinder } from './bind-queries.ts';

/** Watched webhooks affect no message, so this store never has any. */
export const listSuspectWebhooks = (): readonly SuspectChannel[] => [];

export const listUnwatchedChannels = (): readonly string[] => [];

export const readWebhookWatch = (): WebhookWatch | null => null;

export const saveWebhookWatch = (): void => undefined;

/** The queries of `store.webhookWatches`. */
export const webhookWatches = ({ bind }: QueryBinder) =>
  bind('webhookWatches', {
    listUnwatchedChannels,
    read: readWebhookWatch,
    save: saveWebhookWatch,
    listSuspect: listSuspectWebhooks,
  });
