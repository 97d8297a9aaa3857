import type { BotOptions, ConnectedBot, Rig } from './rig.ts';

/** A bot with the simulated HubSpot portal behind it. */
export interface HubspotBot extends Omit<ConnectedBot, 'intercomId' | 'intercomToken'> {
  readonly portalId: string;
}

/** The contact property that holds the Telegram user. */
export const contactProperty = 'telegram_user_id';

/**
 * A simulated bot, connected to a simulated HubSpot portal through the management API. The gateway must know its public
 * address: HubSpot's channel is registered with it.
 */
export async function connectHubspotBot(
  rig: Rig,
  { updates = 'polling', app_of, ...bot }: BotOptions & { readonly app_of?: string } = {},
): Promise<HubspotBot> {
  const portal = rig.sandbox.hubspot.createPortal({
    users: [
      { name: 'Ada', email: 'ada@acme.test' },
      { name: 'Ben', email: 'ben@acme.test' },
    ],
    contact_properties: [{ name: contactProperty, unique: true }],
    app_of,
  });
  const made = rig.sandbox.telegram.createBot(bot);
  const { client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id } = portal;
  const workspace = await rig.admin('/api/v1/workspaces', {
    body: {
      name: 'Acme',
      inbox: {
        kind: 'hubspot',
        client_id,
        client_secret,
        refresh_token,
        app_id,
        developer_api_key,
        inbox_id,
        contact_matching: { create: true, property: contactProperty, identifier: 'user_id' },
      },
    },
  });
  if (workspace.status !== 201) throw new Error(`no workspace: ${JSON.stringify(workspace.body)}`);
  const channel = await rig.admin('/api/v1/channels', {
    body: { workspace_id: workspace.body.id, bot_token: made.token, updates },
  });
  if (channel.status !== 201) throw new Error(`no channel: ${JSON.stringify(channel.body)}`);
  return {
    workspaceId: workspace.body.id,
    channelId: channel.body.id,
    key: channel.body.key.secret,
    keyId: channel.body.key.id,
    botId: made.id,
    token: made.token,
    portalId: portal.portal_id,
    teammates: portal.users,
  };
}
