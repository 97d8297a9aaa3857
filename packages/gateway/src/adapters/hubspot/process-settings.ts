import type { InboxSettings } from '../../ports/inbox-settings.ts';
import { optionalSetting, providerSecretSetting, readAddress, readText } from '../../ports/setting.ts';

/** The settings of the process for HubSpot. */
export const hubspotProcessSettings: InboxSettings = {
  regions: [],
  baseUrl: optionalSetting(readAddress, {
    env: 'CHATFERRY_HUBSPOT_BASE_URL',
    description: 'The HubSpot API for workspaces that name none.',
    example: 'http://127.0.0.1:4010/hubspot',
    without: 'requests go to https://api.hubapi.com',
  }),
  appUrl: optionalSetting(readAddress, {
    env: 'CHATFERRY_HUBSPOT_APP_URL',
    description: 'Replaces the page where people sign in to HubSpot.',
    example: 'http://127.0.0.1:4010/hubspot',
    without: 'people are sent to https://app.hubspot.com',
  }),
  app: {
    client_id: optionalSetting(readText('must be a client id', /^\S{1,200}$/), {
      env: 'CHATFERRY_HUBSPOT_CLIENT_ID',
      description: 'Your HubSpot app, which portals install by OAuth.',
      example: '7fff1e36-2d40-4ae1-bbb1-5266d59564fb',
      without: 'it is given with each portal that is connected',
    }),
    client_secret: providerSecretSetting({
      env: 'CHATFERRY_HUBSPOT_CLIENT_SECRET',
      description: 'The client secret of that app, which signs its webhooks too.',
      without: 'it is given with each portal that is connected',
    }),
    app_id: optionalSetting(readText('must be an app id', /^\d{1,20}$/), {
      env: 'CHATFERRY_HUBSPOT_APP_ID',
      description: 'The id of that app.',
      example: '1234567',
      without: 'HubSpot is asked for it when a portal is connected',
    }),
    developer_api_key: providerSecretSetting({
      env: 'CHATFERRY_HUBSPOT_DEVELOPER_API_KEY',
      description: 'The developer API key of the account that has that app; registers its custom channel.',
      without: 'it is given with each portal that is connected, or a custom channel is named',
    }),
  },
};
