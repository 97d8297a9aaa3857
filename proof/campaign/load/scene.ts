import { callJson } from '@chatferry/testkit/processes/call-json';
import type { Receiver } from '../backend/receiver.ts';
import type { FarSide } from '../far-side/far-side.ts';

/** The gateway of a campaign is started with it. */
export const adminToken = 'admin-token-of-the-campaign';

/** One bot with an inbox behind it, and the people who have started it. */
export interface Party {
  readonly inbox: 'intercom' | 'hubspot';
  /** The id of the simulated workspace or portal. */
  readonly accountId: string;
  readonly botId: number;
  readonly key: string;
  readonly chatIds: readonly number[];
}

export interface SceneOptions {
  readonly farSide: FarSide;
  readonly gatewayUrl: string;
  readonly chatsPerBot: number;
  /** The address that the simulated Intercom calls; by default the one that the gateway names. */
  readonly intercomHook?: (url: string) => string;
  /** The Bot API server of the bot; by default the one that the gateway is started with. */
  readonly apiRoot?: string;
  /** Gets the webhooks of every workspace. Without it there are no endpoints. */
  readonly receiver?: Receiver;
  /** Where the gateway finds the receiver; by default its own address. */
  readonly receiverUrl?: string;
}

interface Made {
  readonly id: string;
  readonly webhook_url: string;
}

/** The campaign does not test the providers' rate limits. */
const unlimited = { rateLimitPer10s: null };

/** Connects a bot with a webhook to Intercom, and one that polls to HubSpot, as an administrator would. */
export async function setScene(options: SceneOptions): Promise<readonly Party[]> {
  return [await connectIntercom(options), await connectHubspot(options)];
}

const adminCall = <T>({ gatewayUrl }: SceneOptions, path: string, body: unknown): Promise<T> =>
  callJson<T>(`${gatewayUrl}/api/v1${path}`, body, { headers: { authorization: `Bearer ${adminToken}` } });

export async function connectIntercom(options: SceneOptions): Promise<Party> {
  const { farSide, intercomHook = (url) => url } = options;
  const account = await farSide.control<Record<'workspace_id' | 'access_token' | 'client_secret', string>>(
    '/intercom/workspaces',
    { options: unlimited },
  );
  const workspace = await adminCall<Made>(options, '/workspaces', {
    name: 'With Intercom',
    inbox: { kind: 'intercom', access_token: account.access_token, client_secret: account.client_secret },
  });
  await farSide.control(`/intercom/workspaces/${account.workspace_id}/subscribe`, {
    url: intercomHook(workspace.webhook_url),
  });
  await connectBackend(options, workspace.id);
  return {
    inbox: 'intercom',
    accountId: account.workspace_id,
    ...(await connectBot(options, workspace.id, 'webhook')),
  };
}

export async function connectHubspot(options: SceneOptions): Promise<Party> {
  const property = 'telegram_user_id';
  const portal = await options.farSide.control<Record<string, string>>('/hubspot/portals', {
    contact_properties: [{ name: property, unique: true }],
    options: unlimited,
  });
  const named = ['client_id', 'client_secret', 'refresh_token', 'app_id', 'developer_api_key', 'inbox_id'];
  const workspace = await adminCall<Made>(options, '/workspaces', {
    name: 'With HubSpot',
    inbox: {
      kind: 'hubspot',
      ...Object.fromEntries(named.map((name) => [name, portal[name]])),
      contact_matching: { create: true, property, identifier: 'user_id' },
    },
  });
  const accountId = portal['portal_id'] ?? '';
  await connectBackend(options, workspace.id);
  return { inbox: 'hubspot', accountId, ...(await connectBot(options, workspace.id, 'polling')) };
}

/** Makes an endpoint for every event of a workspace that has no bot yet, and so no event. */
async function connectBackend(options: SceneOptions, workspaceId: string): Promise<void> {
  const { receiver, receiverUrl = receiver?.url } = options;
  if (receiver === undefined) return;
  const url = `${receiverUrl}${receiver.pathOf(workspaceId)}`;
  const made = await adminCall<{ readonly secret: string }>(options, '/webhook-endpoints', {
    workspace_id: workspaceId,
    url,
  });
  receiver.expect(workspaceId, made.secret);
}

async function connectBot(options: SceneOptions, workspaceId: string, updates: 'webhook' | 'polling') {
  const { farSide, chatsPerBot, apiRoot } = options;
  const bot = await farSide.control<{ readonly id: number; readonly token: string }>('/telegram/bots', {});
  const channel = await adminCall<{ readonly key: { readonly secret: string } }>(options, '/channels', {
    workspace_id: workspaceId,
    bot_token: bot.token,
    updates,
    ...(apiRoot === undefined ? {} : { api_root: apiRoot }),
  });
  const chatIds: number[] = [];
  for (let count = 0; count < chatsPerBot; count += 1) {
    const chat = await farSide.control<{ readonly chat_id: number }>('/telegram/chats', { bot_id: bot.id });
    chatIds.push(chat.chat_id);
  }
  return { botId: bot.id, key: channel.key.secret, chatIds };
}
