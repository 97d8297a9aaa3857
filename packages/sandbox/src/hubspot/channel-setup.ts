import type { FastifyInstance } from 'fastify';
import { ControlError } from '../control-error.ts';
import { sendFailure, sendPage, withQuery } from '../inbox-server/consent-page.ts';
import { baseUrlOf } from '../inbox-server/mount-operation.ts';
import { addAccount } from './channel-accounts.ts';
import type { Environment } from './environment.ts';
import type { Portal, StagingToken } from './portal.ts';
import type { Portals } from './portals.ts';

/** The pages of HubSpot's inbox settings where the connection of a channel begins and ends. */
const path = '/settings/channels';

interface Begun {
  readonly staging: StagingToken;
  /** The app's connection page, to which the admin's browser is sent. */
  readonly url: string;
}

/**
 * Begins the connection of a channel that an admin chose in the settings of an inbox. HubSpot: the browser is sent to
 * the channel's `channelAccountConnectionRedirectUrl` with `accountToken`, `channelId`, `inboxId`, `portalId` and
 * `redirectUrl`.
 */
export function beginChannelSetup(
  environment: Environment,
  portal: Portal,
  { channelId, inboxId, baseUrl }: { readonly channelId: string; readonly inboxId?: string; readonly baseUrl: string },
): Begun {
  const inbox = portal.inboxes.find(({ id }) => inboxId === undefined || id === inboxId);
  const [user] = portal.users;
  const channel = portal.channels.get(channelId);
  if (!inbox || !user || !channel) {
    throw new ControlError(
      404,
      `There is no channel ${channelId} or no inbox ${inboxId ?? ''} in portal ${portal.id}: register the channel first.`,
    );
  }
  const staging: StagingToken = {
    token: environment.ids.uuid(),
    channelId,
    inboxId: inbox.id,
    userId: user.id,
    createdAtMs: environment.context.clock.nowMs(),
    used: false,
    prepared: null,
  };
  portal.stagingTokens.set(staging.token, staging);
  const redirectUrl = withQuery(`${baseUrl}${path}/connected`, { accountToken: staging.token, portalId: portal.id });
  const query = { accountToken: staging.token, channelId, inboxId: inbox.id, portalId: portal.id, redirectUrl };
  return { staging, url: channel.redirectUrl === null ? redirectUrl : withQuery(channel.redirectUrl, query) };
}

/** Registers the first and the last page of the flow. */
export function mountChannelSetup(app: FastifyInstance, environment: Environment, portals: Portals): void {
  app.get<{ Querystring: Readonly<Record<string, string>> }>(`${path}/connect`, (request, reply) => {
    const { portalId = '', channelId = '', inboxId } = request.query;
    const begun = beginChannelSetup(environment, portals.get(portalId), {
      channelId,
      baseUrl: baseUrlOf(app, request),
      ...(inboxId === undefined ? {} : { inboxId }),
    });
    return reply.redirect(begun.url, 302);
  });

  app.get<{ Querystring: Readonly<Record<string, string>> }>(`${path}/connected`, (request, reply) => {
    const { portalId = '', accountToken = '' } = request.query;
    const portal = portals.get(portalId);
    const staging = portal.stagingTokens.get(accountToken);
    const channel = portal.channels.get(staging?.channelId ?? '');
    if (!staging?.used || !channel) return sendFailure(reply, 'HubSpot', 400, 'The channel was not connected.');
    if (staging.prepared !== null) {
      const { name, deliveryIdentifier } = staging.prepared;
      staging.prepared = null;
      addAccount(environment, portal, channel, {
        inboxId: staging.inboxId,
        name,
        authorized: true,
        deliveryIdentifier,
      });
    }
    return sendPage(
      reply,
      200,
      '<!doctype html>\n<title>HubSpot: inbox settings</title>\n<p>The channel is connected.</p>\n',
    );
  });
}
