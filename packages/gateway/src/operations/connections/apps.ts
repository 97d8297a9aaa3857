import type { ConnectInbox } from '@chatferry/contract';
import type { InboxApp } from '../../ports/inbox-authorization.ts';
import type { InboxKind } from '../../ports/inbox-kind.ts';
import type { InboxSettings, InboxSettingValues } from '../../ports/inbox-settings.ts';
import { Secret } from '../../ports/secret.ts';
import { ApiError } from '../api-error.ts';

/** The app of one kind of inbox that the settings of the gateway name, and how those settings are called. */
export interface ConfiguredApp {
  readonly kind: InboxKind;
  readonly settings: InboxSettings['app'];
  readonly values: InboxSettingValues['app'];
}

/**
 * The app to install: the fields of the request, and the settings for what is absent. A secret of the settings is only used
 * together with the client id of the settings.
 */
export function resolveApp(given: ConnectInbox, { settings, values }: ConfiguredApp): InboxApp {
  const configuredId = textOf(values, 'client_id');
  const isConfigured = configuredId !== undefined && (given.client_id ?? configuredId) === configuredId;
  const configured = Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = isConfigured ? textOf(values, name) : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const app = { ...configured, ...given };
  const { client_id: clientId, client_secret: clientSecret } = app;
  if (clientId === undefined || clientSecret === undefined) {
    const missing = (['client_id', 'client_secret'] as const).filter((name) => app[name] === undefined);
    const details = missing.map((name) => ({
      pointer: `/inbox/${name}`,
      message: `You must supply inbox.${name} in your request payload, or set ${settings[name].env} for the gateway.`,
    }));
    throw new ApiError('ARGUMENT_MISSING', { message: details[0]?.message, details });
  }
  return { ...app, client_id: clientId, client_secret: clientSecret };
}

function textOf(values: ConfiguredApp['values'], name: string): string | undefined {
  const value = values[name];
  return (value instanceof Secret ? value.reveal() : value) ?? undefined;
}
