import type { Channel, Input, Output } from '@chatferry/contract';
import type { RequestContext } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { findChannel } from './find-channel.ts';
import { readChannelHealth } from './read-channel-health.ts';
import { showChannel, showWithHealth } from './show-channel.ts';

export async function listChannels(
  deps: ChannelDeps,
  _context: RequestContext,
  { query }: Input<'listChannels'>,
): Promise<Output<'listChannels'>> {
  const records = await deps.store.channels.list({ workspaceId: query.workspace_id });
  const page = cutPage(records, query, (record) => record);
  const healthOf = await readChannelHealth(deps, page.data);
  return { ...page, data: page.data.map((record) => showChannel(record, healthOf(record))) };
}

export async function getChannel(
  deps: ChannelDeps,
  _context: RequestContext,
  { params }: Input<'getChannel'>,
): Promise<Channel> {
  return showWithHealth(deps, await findChannel(deps, params.channel_id));
}
