import { type BotOptions, type ConnectedBot, connectThroughApi, type Rig } from './rig.ts';

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
  const inbox = {
    kind: 'hubspot',
    client_id,
    client_secret,
    refresh_token,
    app_id,
    developer_api_key,
    inbox_id,
    contact_matching: { create: true, property: contactProperty, identifier: 'user_id' },
  };
  return {
    ...(await connectThroughApi(rig, made, { inbox, updates })),
    portalId: portal.portal_id,
    teammates: portal.users,
  };
}
