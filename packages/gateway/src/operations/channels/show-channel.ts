import type { Channel } from '@chatferry/contract';
import type { ChannelRecord } from '../../store/channels.ts';
import { type ChannelHealth, type ChannelHealthDeps, readChannelHealth } from './read-channel-health.ts';

export const showChannel = (record: ChannelRecord, { activity, legs }: ChannelHealth): Channel => ({
  id: record.id,
  workspace_id: record.workspaceId,
  name: record.name,
  bot: {
    id: record.bot.botId,
    username: record.bot.username,
    supports_inline_queries: record.bot.supportsInlineQueries,
  },
  updates: record.updates,
  api_root: record.apiRoot,
  file_root: record.fileRoot,
  interactive_enabled: record.interactiveEnabled,
  options: record.options,
  state: record.state,
  problem: record.problem,
  activity,
  legs: [...legs],
  created_at: record.createdAt.toISOString(),
});

/** Reads the health of one channel, and shows both. */
export async function showWithHealth(deps: ChannelHealthDeps, record: ChannelRecord): Promise<Channel> {
  const healthOf = await readChannelHealth(deps, [record]);
  return showChannel(record, healthOf(record));
}
