import type { PortalCredentials } from '../hubspot/control.ts';
import { createHubspot, type HubspotSimulator } from '../hubspot/hubspot.ts';
import { createVirtualClock, type VirtualClock } from '../virtual-clock.ts';
import { type Answered, type Rig, startRig } from './inbox-rig.ts';

export const channelCapabilities = {
  deliveryIdentifierTypes: ['CHANNEL_SPECIFIC_OPAQUE_ID'],
  threadingModel: 'INTEGRATION_THREAD_ID',
  richText: ['HYPERLINK', 'BOLD', 'ITALIC'],
  allowOutgoingMessages: true,
  maxFileAttachmentCount: 2,
};

export const opaque = (value: string) => ({ type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value });

/** A portal with a channel and one account on it, as a test begins. */
export interface Connected {
  readonly clock: VirtualClock;
  readonly rig: Rig<HubspotSimulator>;
  readonly portal: PortalCredentials;
  readonly channelId: string;
  readonly accountId: string;
  /** As the portal. */
  api(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** As the developer. */
  developer(method: string, path: string, body?: unknown): Promise<Answered>;
  token(form: Readonly<Record<string, string>>): Promise<Answered>;
  refresh(): Promise<Answered>;
  publish(fields?: object): Promise<Answered>;
  close(): Promise<void>;
}

export async function connect(webhookUrl = 'http://127.0.0.1:9/hook'): Promise<Connected> {
  const clock = createVirtualClock(1_795_000_000_000);
  const rig = await startRig('hubspot', createHubspot, clock);
  const portal = rig.simulator.createPortal({ name: 'Acme' });

  const token = (form: Readonly<Record<string, string>>) =>
    rig.request('POST', '/hubspot/oauth/2026-03/token', new URLSearchParams(form));
  const refresh = () =>
    token({
      grant_type: 'refresh_token',
      client_id: portal.client_id,
      client_secret: portal.client_secret,
      refresh_token: portal.refresh_token,
    });
  const developer = (method: string, path: string, body?: unknown) =>
    rig.request(
      method,
      `/hubspot/conversations/custom-channels/2026-03${path}?hapikey=${portal.developer_api_key}&appId=${portal.app_id}`,
      body,
    );
  const access = (await refresh()).body.access_token;
  const api: Connected['api'] = (method, path, body, headers = {}) =>
    rig.request(method, `/hubspot${path}`, body, { authorization: `Bearer ${access}`, ...headers });

  const channel = await developer('POST', '', { name: 'Telegram', webhookUrl, capabilities: channelCapabilities });
  const channelId = channel.body.id;
  const account = await api('POST', `/conversations/custom-channels/2026-03/${channelId}/channel-accounts`, {
    inboxId: portal.inbox_id,
    name: '@mybot',
    authorized: true,
    deliveryIdentifier: opaque('tgbot:99'),
  });
  const accountId = account.body.id;
  const publish = (fields: object = {}) =>
    api('POST', `/conversations/custom-channels/2026-03/${channelId}/messages`, {
      text: 'Hi',
      richText: '<p>Hi</p>',
      attachments: [],
      channelAccountId: accountId,
      messageDirection: 'INCOMING',
      timestamp: '2026-11-22T10:00:00Z',
      integrationThreadId: 'tg:99:42',
      senders: [{ name: 'Ada', deliveryIdentifier: opaque('tg:42') }],
      recipients: [{ name: '@mybot', deliveryIdentifier: opaque('tgbot:99') }],
      ...fields,
    });
  return {
    clock,
    rig,
    portal,
    channelId,
    accountId,
    api,
    developer,
    token,
    refresh,
    publish,
    close: () => rig.close(),
  };
}
