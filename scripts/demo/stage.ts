import type { At, Sandbox } from '@chatferry/sandbox';
import { Chatferry, type InboxInput } from '@chatferry/sdk';
import { type InboxView, viewHubspot, viewIntercom } from './inbox-view.ts';

export interface GatewayAccess {
  readonly baseUrl: string;
  readonly adminToken: string;
}

/** A member of the support team. */
export interface Teammate {
  readonly id: string;
  readonly name: string;
}

interface Plan {
  readonly name: string;
  readonly inbox: InboxView;
  readonly inboxInput: InboxInput;
  readonly team: readonly Teammate[];
  /** The field of a request that names the teammate. */
  readonly senderField: 'intercom_teammate_id' | 'hubspot_user_id';
  readonly botUsername: string;
  readonly hasInlineMode: boolean;
  readonly user: { readonly first_name: string; readonly last_name: string };
  /** Enters the gateway's webhook address in the product's settings, as a person does. HubSpot gets it with the channel. */
  readonly enterWebhook?: (url: string) => void;
}

/** A bot with one customer, connected to one inbox through the management API. */
export interface Stage extends Plan {
  readonly sandbox: Sandbox;
  readonly baseUrl: string;
  readonly at: At;
  readonly customer: string;
  /** As Telegram gives it: without a plus sign. */
  readonly customerPhone: string;
  readonly channelId: string;
  readonly key: string;
  /** The author of a message whose request names no teammate. */
  readonly defaultSender: Teammate;
  readonly otherSender: Teammate;
}

/** A simulated Intercom workspace, and a bot without inline mode. */
export function openIntercomStage(sandbox: Sandbox, gateway: GatewayAccess): Promise<Stage> {
  const name = 'Northwind Outdoor';
  const { workspace_id, access_token, client_secret, admins } = sandbox.intercom.createWorkspace({ name });
  return openStage(sandbox, gateway, {
    name,
    inbox: viewIntercom(sandbox, workspace_id),
    inboxInput: { kind: 'intercom', access_token, client_secret },
    team: admins,
    senderField: 'intercom_teammate_id',
    botUsername: 'northwind_bot',
    hasInlineMode: false,
    user: { first_name: 'Ada', last_name: 'Lovelace' },
    enterWebhook: (url) => void sandbox.intercom.subscribe(workspace_id, { url }),
  });
}

/** A simulated HubSpot portal, and a bot with inline mode. */
export function openHubspotStage(sandbox: Sandbox, gateway: GatewayAccess): Promise<Stage> {
  const name = 'Harbour Books';
  const { portal_id, users, client_id, client_secret, refresh_token, app_id, developer_api_key, inbox_id } =
    sandbox.hubspot.createPortal({ name });
  return openStage(sandbox, gateway, {
    name,
    inbox: viewHubspot(sandbox, portal_id),
    inboxInput: {
      kind: 'hubspot',
      client_id,
      client_secret,
      refresh_token,
      app_id,
      developer_api_key,
      inbox_id,
      contact_matching: { property: 'telegram_user_id', identifier: 'user_id', create: true },
    },
    team: users,
    senderField: 'hubspot_user_id',
    botUsername: 'harbour_books_bot',
    hasInlineMode: true,
    user: { first_name: 'Edith', last_name: 'Clarke' },
  });
}

async function openStage(sandbox: Sandbox, gateway: GatewayAccess, plan: Plan): Promise<Stage> {
  const { name, botUsername, hasInlineMode, user } = plan;
  const [defaultSender, otherSender] = plan.team;
  if (!defaultSender || !otherSender) throw new Error('the simulated team has fewer than two members');
  const { telegram } = sandbox;
  const bot = telegram.createBot({
    username: botUsername,
    first_name: name,
    supports_inline_queries: hasInlineMode,
  });
  const operator = new Chatferry(gateway);
  const { id: workspace_id, webhook_url } = await operator.workspaces.create({
    name,
    inbox: plan.inboxInput,
    default_sender: defaultSender.id,
  });
  if (webhook_url === null) throw new Error('the gateway of the demo has no public address');
  plan.enterWebhook?.(webhook_url);
  // Telegram accepts only https for a webhook, and a laptop has no public address: the gateway polls Telegram instead.
  const channel = await operator.channels.create({ workspace_id, bot_token: bot.token, updates: 'polling' });
  const { chat_id } = telegram.createChat({ bot_id: bot.id, user, started: false });
  return {
    ...plan,
    sandbox,
    baseUrl: gateway.baseUrl,
    at: { bot_id: bot.id, chat_id },
    customer: `${user.first_name} ${user.last_name}`,
    customerPhone: `1555${String(chat_id % 10_000_000).padStart(7, '0')}`,
    channelId: channel.id,
    key: channel.key.secret,
    defaultSender,
    otherSender,
  };
}
