import type { HubspotClient } from './client.ts';
import type { HubspotSettings } from './settings.ts';

/** One portal: how to call it, and how it is set. */
export interface Portal {
  readonly client: HubspotClient;
  readonly settings: HubspotSettings;
}

/** The path of a custom channel. */
export const channelPath = ({ settings }: Portal, channelId: string): string =>
  `/conversations/custom-channels/${settings.api_version}/${encodeURIComponent(channelId)}`;

/** The path of a thread. */
export const threadPath = ({ settings }: Portal, threadId: string): string =>
  `/conversations/conversations/${settings.api_version}/threads/${encodeURIComponent(threadId)}`;
