import type { Input } from '@chatferry/contract';
import type { ChannelRecord } from '../../store/channels.ts';
import type { RequestContext } from '../context.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { findChannel } from './find-channel.ts';

export async function deleteChannel(
  deps: ChannelDeps,
  _context: RequestContext,
  { params }: Input<'deleteChannel'>,
): Promise<undefined> {
  await removeChannel(deps, await findChannel(deps, params.channel_id));
  deps.onChange();
  return undefined;
}

export async function deleteChannelsOf(deps: ChannelDeps, workspaceId: string): Promise<void> {
  for (const record of await deps.store.channels.list({ workspaceId })) await removeChannel(deps, record);
}

async function removeChannel({ store, openRecord }: ChannelDeps, record: ChannelRecord): Promise<void> {
  // Best effort: a channel is deleted even if the provider no longer accepts its token.
  if (record.updates === 'webhook') await openRecord(record).removeWebhook();
  await store.channels.delete(record.id);
}
