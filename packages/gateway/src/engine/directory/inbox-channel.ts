import type { InboxChannel } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';

/** A channel in the form in which its inbox knows it. */
export const inboxChannelOf = ({ bot, inboxRef }: ChannelRecord): InboxChannel => ({
  botId: bot.botId,
  username: bot.username,
  name: bot.name,
  ref: inboxRef,
});
