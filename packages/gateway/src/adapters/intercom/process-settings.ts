import type { InboxSettings } from '../../ports/inbox-settings.ts';
import { optionalSetting, providerSecretSetting, readAddress, readText } from '../../ports/setting.ts';
import { regions } from './settings.ts';

/** The settings of the process for Intercom. */
export const intercomProcessSettings: InboxSettings = {
  regions,
  baseUrl: optionalSetting(readAddress, {
    env: 'CHATFERRY_INTERCOM_BASE_URL',
    description:
      'The Intercom API for workspaces that name none, in place of the region’s; `{region}` in it stands for the region.',
    example: 'http://127.0.0.1:4010/intercom',
    without: 'requests go to the address of the workspace’s region',
  }),
  appUrl: optionalSetting(readAddress, {
    env: 'CHATFERRY_INTERCOM_APP_URL',
    description: 'Replaces the page where people sign in to Intercom; `{region}` in it stands for the region.',
    example: 'http://127.0.0.1:4010/intercom',
    without: 'people are sent to app.intercom.com, or to that of their region',
  }),
  app: {
    client_id: optionalSetting(readText('must be a client id', /^\S{1,200}$/), {
      env: 'CHATFERRY_INTERCOM_CLIENT_ID',
      description: 'Your Intercom app, which workspaces install by OAuth.',
      example: '3e3b7f26-0f0c-4f0b-8c25-6b2b0b1a7f10',
      without: 'it is given with each workspace that is connected',
    }),
    client_secret: providerSecretSetting({
      env: 'CHATFERRY_INTERCOM_CLIENT_SECRET',
      description: 'The client secret of that app, which signs its webhooks too.',
      without: 'it is given with each workspace that is connected',
    }),
  },
};
