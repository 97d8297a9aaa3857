import { Secret } from '../../ports/secret.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { Vault } from '../../store/sealed.ts';

const contextOf = (channelId: string, column: string): string => `${channelId}|channels|${column}`;

export const sealToken = (vault: Vault, channelId: string, token: Secret): Buffer =>
  vault.seal(token.reveal(), contextOf(channelId, 'token'));

export const sealWebhookSecret = (vault: Vault, channelId: string, secret: Secret): Buffer =>
  vault.seal(secret.reveal(), contextOf(channelId, 'webhook_secret'));

export const unsealToken = (vault: Vault, record: ChannelRecord): Secret =>
  new Secret(vault.open(record.token, contextOf(record.id, 'token')));

export const unsealWebhookSecret = (vault: Vault, record: ChannelRecord): Secret =>
  new Secret(vault.open(record.webhookSecret, contextOf(record.id, 'webhook_secret')));
