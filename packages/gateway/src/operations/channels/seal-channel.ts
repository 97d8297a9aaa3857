import { BoundSecret, packSecret, unpackSecret } from '../../ports/secret.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';

/** The origins are sealed together with the secret, so that no change of the row can send it elsewhere. */
const seal = (vault: Vault, secret: BoundSecret, context: string): Buffer =>
  vault.seal(JSON.stringify(packSecret(secret)), context);

/** What was sealed without origins is bound to none, and is sent nowhere. */
function unseal(vault: Vault, sealed: Buffer, context: string): BoundSecret {
  const text = vault.open(sealed, context);
  return packedIn(text) ?? new BoundSecret(text, []);
}

const packedIn = (text: string): BoundSecret | null => (text.startsWith('{') ? unpackSecret(JSON.parse(text)) : null);

/** The secret with the servers that its row names, for one that an earlier version sealed without them; else null. */
function bind(vault: Vault, sealed: Buffer, context: string, { apiRoot, fileRoot }: ChannelRecord): Buffer | null {
  const text = vault.open(sealed, context);
  return packedIn(text) === null ? seal(vault, new BoundSecret(text, [apiRoot, fileRoot]), context) : null;
}

const { token: tokenColumn, webhookSecret: webhookSecretColumn } = sealedColumns;

export const sealToken = (vault: Vault, channelId: string, token: BoundSecret): Buffer =>
  seal(vault, token, tokenColumn.contextOf(channelId));

export const sealWebhookSecret = (vault: Vault, channelId: string, secret: BoundSecret): Buffer =>
  seal(vault, secret, webhookSecretColumn.contextOf(channelId));

export const unsealToken = (vault: Vault, { id, token }: Pick<ChannelRecord, 'id' | 'token'>): BoundSecret =>
  unseal(vault, token, tokenColumn.contextOf(id));

export const unsealWebhookSecret = (
  vault: Vault,
  { id, webhookSecret }: Pick<ChannelRecord, 'id' | 'webhookSecret'>,
): BoundSecret => unseal(vault, webhookSecret, webhookSecretColumn.contextOf(id));

export const bindToken = (vault: Vault, record: ChannelRecord): Buffer | null =>
  bind(vault, record.token, tokenColumn.contextOf(record.id), record);

export const bindWebhookSecret = (vault: Vault, record: ChannelRecord): Buffer | null =>
  bind(vault, record.webhookSecret, webhookSecretColumn.contextOf(record.id), record);
