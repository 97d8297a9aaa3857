import type { BoundConnectInbox } from '../../ports/bound-inbox.ts';
import type { InboxApp } from '../../ports/inbox-authorization.ts';
import type { InboxKind } from '../../ports/inbox-kind.ts';
import type { InboxSettings, InboxSettingValues } from '../../ports/inbox-settings.ts';
import { BoundSecret, Secret } from '../../ports/secret.ts';
import { ApiError } from '../api-error.ts';

/** The app of one kind of inbox that the settings of the gateway name, and how those settings are called. */
export interface ConfiguredApp {
  readonly kind: InboxKind;
  readonly settings: InboxSettings['app'];
  readonly values: InboxSettingValues['app'];
}

/**
 * The app to install: the fields of the request, and the settings for what is absent. A secret belongs to an origin. One of the
 * settings is used only together with the client id of the settings, and only where the app is used at the address of the settings
 * or of the vendor. One that was stored for another address is not used.
 */
export function resolveApp(given: BoundConnectInbox, { kind, settings, values }: ConfiguredApp): InboxApp {
  const addresses = kind.originsOf(given);
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => isUsableAt(value, addresses)));
  const configured = configuredFor({ kind, settings, values }, given, addresses);
  const app = { ...configured, ...own } as BoundConnectInbox;
  const { client_id: clientId, client_secret: clientSecret } = app;
  if (clientId === undefined || clientSecret === undefined) throw missingFields(app, kind, settings, addresses);
  return { ...app, client_id: clientId, client_secret: clientSecret };
}

const isUsableAt = (value: unknown, addresses: readonly string[]): boolean =>
  !(value instanceof BoundSecret) || value.isFor(addresses);

/** The fields of the settings' app that may be used at these addresses. */
function configuredFor(
  { kind, settings, values }: ConfiguredApp,
  given: BoundConnectInbox,
  addresses: readonly string[],
): Readonly<Record<string, string | BoundSecret>> {
  const home = kind.originsOf({});
  const isAtHome = addresses.every((address) => home.includes(address));
  const id = values['client_id'];
  if (!isAtHome || id === null || (given.client_id ?? id) !== id) return {};
  return Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = values[name] ?? null;
      return value === null ? [] : [[name, value instanceof Secret ? new BoundSecret(value, home) : value]];
    }),
  );
}

/** The secrets of the settings' app, for the server of the settings or of the vendor. */
export function appSecrets({ kind, values }: Pick<ConfiguredApp, 'kind' | 'values'>): readonly BoundSecret[] {
  const home = kind.originsOf({});
  return Object.values(values).flatMap((value) => (value instanceof Secret ? [new BoundSecret(value, home)] : []));
}

function missingFields(
  app: BoundConnectInbox,
  kind: InboxKind,
  settings: ConfiguredApp['settings'],
  addresses: readonly string[],
): ApiError {
  const home = kind.originsOf({});
  const isAtHome = addresses.every((address) => home.includes(address));
  const missing = (['client_id', 'client_secret'] as const).filter((name) => app[name] === undefined);
  const details = missing.map((name) => ({
    pointer: `/inbox/${name}`,
    message: isAtHome
      ? `You must supply inbox.${name} in your request payload, or set ${settings[name].env} for the gateway.`
      : `You must supply inbox.${name} in your request payload: no other secret is sent to ${addresses.join(' or ')}. The one in ${settings[name].env} belongs to ${home.join(' and ')}.`,
  }));
  return new ApiError('ARGUMENT_MISSING', { message: details[0]?.message, details });
}
