import { Secret } from '../../ports/secret.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';

export const sealToken = (vault: Vault, channelId: string, token: Secret): Buffer =>
  vault.seal(token.reveal(), sealedColumns.token.contextOf(channelId));

export const sealWebhookSecret = (vault: Vault, channelId: string, secret: Secret): Buffer =>
  vault.seal(secret.reveal(), sealedColumns.webhookSecret.contextOf(channelId));

export const unsealToken = (vault: Vault, record: ChannelRecord): Secret =>
  new Secret(vault.open(record.token, sealedColumns.token.contextOf(record.id)));

export const unsealWebhookSecret = (vault: Vault, record: ChannelRecord): Secret =>
  new Secret(vault.open(record.webhookSecret, sealedColumns.webhookSecret.contextOf(record.id)));
