import type { Channel } from '../../ports/channel.ts';
import type { ChannelFacts } from '../../ports/channel-kind.ts';
import type { BoundSecret } from '../../ports/secret.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import { invalidValue } from '../api-error.ts';
import { unwrapCall } from './unwrap-call.ts';

/** The address to which the provider delivers a channel's updates. The path is random and contains no token. */
export const hookUrl = (publicUrl: string, { kind }: ChannelFacts, hookPath: string): string =>
  `${publicUrl}/hooks/${kind}/${hookPath}`;

/** Registers the gateway's webhook with the provider, or removes it for a channel that polls. Test mode has none. Throws if the provider refuses. */
export async function directUpdates(
  publicUrl: string | null,
  kind: ChannelFacts,
  channel: Channel,
  ask: { readonly updates: ChannelRecord['updates']; readonly hookPath: string; readonly secret: BoundSecret },
): Promise<void> {
  if (ask.updates === 'direct') return;
  if (ask.updates === 'polling') {
    unwrapCall(kind, await channel.removeWebhook());
    return;
  }
  const url = hookUrl(assertReachable(publicUrl, ask.updates), kind, ask.hookPath);
  unwrapCall(kind, await channel.registerWebhook(url, ask.secret));
}

/** Throws TYPE_MISMATCH for a webhook without a public address. */
export function assertReachable(publicUrl: string | null, updates: ChannelRecord['updates']): string {
  if (publicUrl !== null || updates !== 'webhook') return publicUrl ?? '';
  throw invalidValue(
    '/updates',
    'updates can be "webhook" only when the gateway knows its public address: set CHATFERRY_PUBLIC_URL, or use "polling".',
  );
}
