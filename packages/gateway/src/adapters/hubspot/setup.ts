import type { InboxSetup } from '../../ports/inbox-kind.ts';

/**
 * HubSpot: an administrator who chooses our channel in the settings of an inbox is sent to the gateway, with an `accountToken`
 * that counts once. HubSpot accepts it only from an administrator of that portal; the inbox was chosen there.
 */
export const setup: InboxSetup = {
  queryFields: ['accountToken', 'channelId', 'inboxId', 'portalId', 'redirectUrl'],
  accountNoun: 'portal',
  howToBegin:
    'In HubSpot, open the settings of an inbox or help desk, choose to connect a channel, and choose this one.',
  readQuery({ accountToken, channelId, inboxId, portalId, redirectUrl }) {
    if (!accountToken || !channelId || !inboxId || !portalId || !redirectUrl) return null;
    if (!/^\d{1,20}$/.test(channelId)) return null;
    return { account: portalId, returnUrl: redirectUrl, begun: { channelId, accountToken } };
  },
  isReturnUrl: ({ protocol, hostname }) =>
    protocol === 'https:' && (hostname === 'hubspot.com' || hostname.endsWith('.hubspot.com')),
};
