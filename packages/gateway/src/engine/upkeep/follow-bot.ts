import type { Bot } from '../../ports/channel.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';

export interface FollowBotDeps {
  readonly store: StoreSlice<{ readonly channels: 'recordBot' }>;
}

/**
 * Stores what the bot is called now, and what it can do, if that is not what the channel says. Telegram tells of such a change in
 * no update: only `getMe` does. False if nothing changed, or if `bot` is not the channel's.
 */
export async function followBot(
  { store }: FollowBotDeps,
  { id, bot: known }: Pick<ChannelRecord, 'id' | 'bot'>,
  bot: Bot,
): Promise<boolean> {
  if (known.botId !== bot.botId || isSameBot(known, bot)) return false;
  return store.channels.recordBot(id, bot);
}

const isSameBot = (left: Bot, right: Bot): boolean =>
  left.username === right.username &&
  left.name === right.name &&
  left.supportsInlineQueries === right.supportsInlineQueries;
