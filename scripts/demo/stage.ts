import type { At, Sandbox } from '@chatferry/sandbox';
import { Chatferry, type InboxInput } from '@chatferry/sdk';
import { hubspotView, type InboxView, intercomView } from './inbox-view.ts';

/** Somebody of the support team. */
export interface Teammate {
  readonly id: string;
  readonly name: string;
}

/** A bot with one customer, connected to one inbox through the management API. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly inbox: InboxView;
  readonly botUsername: string;
  readonly inlineMode: boolean;
  readonly at: At;
  readonly customer: string;
  /** As Telegram gives it: without a plus sign. */
  readonly customerPhone: string;
  readonly channelId: string;
  readonly key: string;
  /** Appears where a request names nobody. */
  readonly defaultSender: Teammate;
  readonly otherSender: Teammate;
  /** The field of a request that names the teammate. */
  readonly senderField: 'intercom_teammate_id' | 'hubspot_user_id';
}

export interface GatewayAccess {
  readonly baseUrl: string;
  readonly adminToken: string;
}

interface Account {
  readonly name: string;
  readonly view: InboxView;
  readonly input: InboxInput;
  readonly team: readonly Teammate[];
  readonly senderField: Stage['senderField'];
  /** Enters the address where the gateway hears of agents' answers, as a person does in the product's settings; HubSpot gets it with the channel. */
  readonly enterWebhook?: (url: string) => void;
}

interface Bot {
  readonly username: string;
  readonly name: string;
  readonly inlineMode: boolean;
  readonly customer: { readonly first_name: string; readonly last_name: string };
}

/** A simulated Intercom workspace, and a bot without inline mode. */
export function stageWithIntercom(sandbox: Sandbox, gateway: GatewayAccess): Promise<Stage> {
  const name = 'Northwind Outdoor';
  const workspace = sandbox.intercom.createWorkspace({ name });
  const account: Account = {
    name,
    view: intercomView(sandbox.intercom, workspace.workspace_id),
    input: { kind: 'intercom', access_token: workspace.access_token, client_secret: workspace.client_secret },
    team: workspace.admins,
    senderField: 'intercom_teammate_id',
    enterWebhook: (url) => void sandbox.intercom.subscribe(workspace.workspace_id, { url }),
  };
  return connect(sandbox, gateway, account, {
    username: 'northwind_bot',
    name: 'Northwind Outdoor',
    inlineMode: false,
    customer: { first_name: 'Ada', last_name: 'Lovelace' },
  });
}

/** A simulated HubSpot portal, and a bot with inline mode. */
export function stageWithHubspot(sandbox: Sandbox, gateway: GatewayAccess): Promise<Stage> {
  const name = 'Harbour Books';
  const portal = sandbox.hubspot.createPortal({ name });
  const account: Account = {
    name,
    view: hubspotView(sandbox.hubspot, portal.portal_id),
    input: {
      kind: 'hubspot',
      client_id: portal.client_id,
      client_secret: portal.client_secret,
      refresh_token: portal.refresh_token,
      app_id: portal.app_id,
      developer_api_key: portal.developer_api_key,
      inbox_id: portal.inbox_id,
      contact_matching: { property: 'telegram_user_id', identifier: 'user_id', create: true },
    },
    team: portal.users,
    senderField: 'hubspot_user_id',
  };
  return connect(sandbox, gateway, account, {
    username: 'harbour_books_bot',
    name: 'Harbour Books',
    inlineMode: true,
    customer: { first_name: 'Edith', last_name: 'Clarke' },
  });
}

async function connect(sandbox: Sandbox, gateway: GatewayAccess, account: Account, given: Bot): Promise<Stage> {
  const [defaultSender, otherSender] = account.team;
  if (!defaultSender || !otherSender) throw new Error('the simulated team has fewer than two members');
  const bot = sandbox.telegram.createBot({
    username: given.username,
    first_name: given.name,
    supports_inline_queries: given.inlineMode,
  });
  const operator = new Chatferry(gateway);
  const workspace = await operator.createWorkspace({
    name: account.name,
    inbox: account.input,
    default_sender: defaultSender.id,
  });
  if (workspace.webhook_url === null) throw new Error('the gateway of the demo has no public address');
  account.enterWebhook?.(workspace.webhook_url);
  // Telegram wants https for a webhook, and a laptop has no public address: the gateway asks Telegram instead.
  const channel = await operator.createChannel({
    workspace_id: workspace.id,
    bot_token: bot.token,
    updates: 'polling',
  });
  const { chat_id } = sandbox.telegram.createChat({ bot_id: bot.id, user: given.customer, started: false });
  return {
    sandbox,
    inbox: account.view,
    botUsername: bot.username,
    inlineMode: given.inlineMode,
    at: { bot_id: bot.id, chat_id },
    customer: `${given.customer.first_name} ${given.customer.last_name}`,
    customerPhone: `1555${String(chat_id % 10_000_000).padStart(7, '0')}`,
    channelId: channel.id,
    key: channel.key.secret,
    defaultSender,
    otherSender,
    senderField: account.senderField,
  };
}
