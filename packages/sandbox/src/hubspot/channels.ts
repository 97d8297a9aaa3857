import { checkCapabilities } from './capabilities.ts';
import type { Environment } from './environment.ts';
import { object, optionalText, text } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import type { Channel } from './portal.ts';
import { invalid, notFound } from './refusal.ts';
import { isoTime } from './time.ts';
import { withoutNulls } from './without-nulls.ts';

const basePath = '/conversations/custom-channels/{version}';
const channelIdMax = 2 ** 31 - 1;

/** HubSpot: the id of a channel is a 32-bit integer. */
export function requestedChannel(call: Call): Channel {
  const given = call.params['channelId'] ?? '';
  if (!/^\d+$/.test(given) || Number(given) > channelIdMax) throw invalid(`Invalid channelId: '${given}'`);
  const channel = call.portal.channels.get(given);
  if (!channel || channel.archived) throw notFound('Channel');
  return channel;
}

function channelShape(channel: Channel) {
  return withoutNulls({
    id: channel.id,
    name: channel.name,
    capabilities: channel.capabilities,
    webhookUrl: channel.webhookUrl,
    channelAccountConnectionRedirectUrl: channel.redirectUrl,
    channelDescription: channel.description,
    channelLogoUrl: channel.logoUrl,
    createdAt: isoTime(channel.createdAtMs),
  });
}

function addressIn(call: Call, name: string): string | null {
  const value = optionalText(call.body, name);
  if (value !== undefined && !/^https?:\/\//.test(value)) throw invalid(`${name} must be a URL`);
  return value ?? null;
}

function createChannel(environment: Environment, call: Call) {
  const nowMs = environment.context.clock.nowMs();
  const channel: Channel = {
    id: environment.ids.next('channel'),
    name: text(call.body, 'name'),
    capabilities: checkCapabilities(object(call.body, 'capabilities')),
    webhookUrl: addressIn(call, 'webhookUrl'),
    redirectUrl: addressIn(call, 'channelAccountConnectionRedirectUrl'),
    description: optionalText(call.body, 'channelDescription') ?? null,
    logoUrl: addressIn(call, 'channelLogoUrl'),
    createdAtMs: nowMs,
    visibleAtMs: nowMs + call.portal.options.channelVisibleAfterMs,
    archived: false,
  };
  call.portal.channels.set(channel.id, channel);
  environment.context.feed.publish('hubspot', 'channel.created', { portalId: call.portal.id, channelId: channel.id });
  return channelShape(channel);
}

function updateChannel(call: Call) {
  const channel = requestedChannel(call);
  const { body } = call;
  if (body['capabilities'] !== undefined) {
    channel.capabilities = checkCapabilities({ ...channel.capabilities, ...object(body, 'capabilities') });
  }
  channel.name = optionalText(body, 'name') ?? channel.name;
  channel.webhookUrl = addressIn(call, 'webhookUrl') ?? channel.webhookUrl;
  channel.redirectUrl = addressIn(call, 'channelAccountConnectionRedirectUrl') ?? channel.redirectUrl;
  channel.description = optionalText(body, 'channelDescription') ?? channel.description;
  channel.logoUrl = addressIn(call, 'channelLogoUrl') ?? channel.logoUrl;
  return channelShape(channel);
}

/** The developer of the app registers channels. HubSpot: a new channel appears in the list only after some seconds. */
export function channelOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: `GET ${basePath}`,
      as: 'developer',
      handle({ portal }) {
        const nowMs = environment.context.clock.nowMs();
        const shown = [...portal.channels.values()].filter(
          ({ archived, visibleAtMs }) => !archived && visibleAtMs <= nowMs,
        );
        return { total: shown.length, results: shown.map(channelShape) };
      },
    },
    { name: `POST ${basePath}`, as: 'developer', status: 201, handle: (call) => createChannel(environment, call) },
    {
      name: `GET ${basePath}/{channelId}`,
      as: 'developer',
      handle: (call) => channelShape(requestedChannel(call)),
    },
    { name: `PATCH ${basePath}/{channelId}`, as: 'developer', handle: updateChannel },
    {
      name: `DELETE ${basePath}/{channelId}`,
      as: 'developer',
      status: 204,
      handle(call) {
        requestedChannel(call).archived = true;
      },
    },
  ];
}
