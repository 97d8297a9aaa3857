import { createEgressPolicy } from '../adapters/http/egress-policy.ts';
import { createOpenFile } from '../adapters/http/open-file.ts';
import { createTransport } from '../adapters/http/transport.ts';
import { createWebhookClient } from '../adapters/webhooks/webhook-client.ts';
import type { Config } from '../config/config.ts';
import { allowedPrivateOrigins } from '../config/configured-origins.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenFile } from '../ports/open-file.ts';
import type { WebhookClient } from '../ports/webhook-client.ts';
import type { Vault } from '../secrets/sealed.ts';
import { createWebhookSecrets, type WebhookSecrets } from '../secrets/webhook-secrets.ts';

/** What calls the addresses that callers give: it sends to their endpoints, and fetches their files. */
export interface Webhooks {
  readonly client: WebhookClient;
  readonly openFile: OpenFile;
  readonly secrets: WebhookSecrets;
  close(): Promise<void>;
}

/**
 * Has a transport of its own: endpoints share no connection with the providers, and a private server that the settings
 * name for another purpose is not open to an address that a tenant gives.
 */
export function openWebhooks({
  config,
  vault,
  clock,
}: {
  readonly config: Config;
  readonly vault: Vault;
  readonly clock: Clock;
}): Webhooks {
  const transport = createTransport({ clock, policy: createEgressPolicy(allowedPrivateOrigins(config)) });
  return {
    client: createWebhookClient({ transport, clock }),
    openFile: createOpenFile(transport),
    secrets: createWebhookSecrets(vault),
    close: transport.close,
  };
}
