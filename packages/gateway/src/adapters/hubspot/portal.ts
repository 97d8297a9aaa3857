import { apis } from './apis.ts';
import type { HubspotClient } from './client.ts';
import type { HubspotSettings } from './settings.ts';

/** One portal: how to call it, and how it is set. */
export interface Portal {
  readonly client: HubspotClient;
  readonly settings: HubspotSettings;
}

/** The path of a custom channel. */
export const channelPath = (channelId: string): string =>
  `${apis.customChannels.path}/${encodeURIComponent(channelId)}`;

/** The path of a thread. */
export const threadPath = (threadId: string): string =>
  `${apis.conversations.path}/threads/${encodeURIComponent(threadId)}`;
