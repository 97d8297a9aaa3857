import { channelAdapter, inboxAdapters } from '../adapters/registry.ts';
import type { Config } from './config.ts';

/**
 * The origins that the operator's settings name. The gateway calls them at any address, and without TLS if they are so. The
 * provider's own address, where it is only the default of a setting, is not one of them: it is public.
 */
export function configuredOrigins(config: Config): readonly string[] {
  const { settings: channel } = channelAdapter;
  const { apiRoot, fileRoot } = config.channel;
  const inboxes = Object.values(inboxAdapters).flatMap(({ kind, settings: { regions } }) => {
    const { baseUrl, appUrl } = config.inboxes[kind.kind];
    return [baseUrl, appUrl].flatMap((address) => withRegions(address, regions));
  });
  const allRegions = Object.values(inboxAdapters).flatMap(({ settings }) => settings.regions);
  const addresses = [
    ...(apiRoot === channel.apiRoot.fallback ? [] : [apiRoot]),
    fileRoot,
    config.oidcIssuer,
    ...inboxes,
    ...Object.values(config.providerServers).flatMap((server) => withRegions(server, allRegions)),
    ...allowedPrivateOrigins(config),
  ];
  return [...new Set(addresses.flatMap((address) => (address === null ? [] : [new URL(address).origin])))];
}

/**
 * The origins that the operator opens to addresses which others give: of files, and of webhook endpoints. A server that the
 * settings name for another purpose is not one of them.
 */
export function allowedPrivateOrigins(config: Pick<Config, 'allowedPrivateOrigins'>): readonly string[] {
  const allRegions = Object.values(inboxAdapters).flatMap(({ settings }) => settings.regions);
  const addresses = config.allowedPrivateOrigins.flatMap((origin) => withRegions(origin, allRegions));
  return [...new Set(addresses.map((address) => new URL(address).origin))];
}

/** The address for each region that `{region}` in it stands for. */
const withRegions = (address: string | null, regions: readonly string[]): readonly string[] => {
  if (address === null) return [];
  return address.includes('{region}') ? regions.map((region) => address.replaceAll('{region}', region)) : [address];
};
