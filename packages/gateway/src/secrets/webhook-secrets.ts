import { Webhook } from 'standardwebhooks';
import { sealedColumns } from '../store/sealed-columns.ts';
import type { WebhookEndpointRecord } from '../store/webhook-endpoints.ts';
import type { Vault } from './sealed.ts';

/** The sealed secrets of an endpoint. */
export type SealedEndpointSecrets = Pick<WebhookEndpointRecord, 'id' | 'secret' | 'previousSecret'>;

/** What is signed. */
export interface SignedRequest {
  readonly eventId: string;
  readonly atMs: number;
  readonly body: string;
}

/** Makes the secrets of webhook endpoints, and signs with them. No secret leaves it except the one that is shown once. */
export interface WebhookSecrets {
  /** A new secret, as it is shown once and as it is stored. `bytes` are random: 24 to 64. */
  make(endpointId: string, bytes: Buffer): { readonly shown: string; readonly sealed: Buffer };
  /**
   * The headers of a request, as https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
   * describes them. During a rotation there is one signature of each secret, the new one first.
   */
  sign(endpoint: SealedEndpointSecrets, request: SignedRequest): Readonly<Record<string, string>>;
}

export function createWebhookSecrets(vault: Vault): WebhookSecrets {
  const { contextOf } = sealedColumns.endpointSecret;
  return {
    make(endpointId, bytes) {
      const shown = `whsec_${bytes.toString('base64')}`;
      return { shown, sealed: vault.seal(shown, contextOf(endpointId)) };
    },
    sign({ id, secret, previousSecret }, { eventId, atMs, body }) {
      const at = new Date(atMs);
      const signatures = [secret, ...(previousSecret === null ? [] : [previousSecret])].map((sealed) =>
        new Webhook(vault.open(sealed, contextOf(id))).sign(eventId, at, body),
      );
      return {
        'webhook-id': eventId,
        'webhook-timestamp': String(Math.floor(atMs / 1_000)),
        'webhook-signature': signatures.join(' '),
      };
    },
  };
}
