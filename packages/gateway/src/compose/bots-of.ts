import type { Config } from '../config/config.ts';
import type { Providers } from './open-providers.ts';

/** How bots are opened that name no server. */
export const botsOf = (config: Config, { kind, openInbox }: Providers) => ({
  defaults: { apiRoot: config.channel.apiRoot, fileRoot: config.channel.fileRoot ?? config.channel.apiRoot },
  channelKind: kind,
  openInbox,
});
