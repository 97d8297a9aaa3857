import type { ConnectInbox, InboxInput } from '@chatferry/contract';
import type { InboxApp } from '../../ports/inbox-authorization.ts';
import type { Secret } from '../../ports/secret.ts';
import { ApiError } from '../api-error.ts';

/** The apps in the settings of the gateway. Null for a value that is not set. */
export interface AppDefaults {
  readonly intercom: { readonly clientId: string | null; readonly clientSecret: Secret | null };
  readonly hubspot: {
    readonly clientId: string | null;
    readonly clientSecret: Secret | null;
    readonly appId: string | null;
    readonly developerApiKey: Secret | null;
  };
}

const settingsOf = {
  intercom: { client_id: 'CHATFERRY_INTERCOM_CLIENT_ID', client_secret: 'CHATFERRY_INTERCOM_CLIENT_SECRET' },
  hubspot: { client_id: 'CHATFERRY_HUBSPOT_CLIENT_ID', client_secret: 'CHATFERRY_HUBSPOT_CLIENT_SECRET' },
} as const;

/** The app to install: the given values, completed from the settings. A secret of the settings is used only with the client id of the settings. */
export function resolveApp(given: ConnectInbox, defaults: AppDefaults): InboxApp {
  const ofSettings = defaults[given.kind];
  const clientId = given.client_id ?? ofSettings.clientId ?? undefined;
  const isOfSettings = clientId === ofSettings.clientId;
  const clientSecret = given.client_secret ?? (isOfSettings ? ofSettings.clientSecret?.reveal() : undefined);
  const missing = [
    ...(clientId === undefined ? (['client_id'] as const) : []),
    ...(clientSecret === undefined ? (['client_secret'] as const) : []),
  ];
  if (clientId === undefined || clientSecret === undefined) {
    const details = missing.map((name) => ({
      pointer: `/inbox/${name}`,
      message: `You must supply inbox.${name} in your request payload, or set ${settingsOf[given.kind][name]} for the gateway.`,
    }));
    throw new ApiError('ARGUMENT_MISSING', { message: details[0]?.message, details });
  }
  const app = { client_id: clientId, client_secret: clientSecret };
  if (given.kind === 'intercom') return { ...given, ...app };
  const appId = given.app_id ?? (isOfSettings ? (defaults.hubspot.appId ?? undefined) : undefined);
  const developerKey =
    given.developer_api_key ?? (isOfSettings ? defaults.hubspot.developerApiKey?.reveal() : undefined);
  return {
    ...given,
    ...app,
    ...(appId === undefined ? {} : { app_id: appId }),
    ...(developerKey === undefined ? {} : { developer_api_key: developerKey }),
  };
}

/** The app with which a workspace was connected. An access token of the customer's own names no app: its secret signs the webhooks of another app. */
export function appOf(input: InboxInput): ConnectInbox {
  if (input.kind === 'hubspot') {
    const { refresh_token: _grant, ...app } = input;
    return app;
  }
  const { access_token: _grant, client_secret: secret, ...rest } = input;
  return rest.client_id === undefined || secret === undefined ? rest : { ...rest, client_secret: secret };
}
