import { createJsonClient, type Json } from './json-client.ts';

/** A HubSpot portal with the thread of one chat, made by HTTP calls as a gateway makes them. */
export interface ThreadStory {
  readonly portalId: string;
  /** Publishes a message in the thread and returns HubSpot's message id. `more` replaces fields of the message. */
  publish(from: 'customer' | 'teammate', text: string, more?: object): Promise<string>;
  /** Tells HubSpot whether an agent's message was delivered. */
  setStatus(messageId: string, statusType: string, errorMessage?: string): Promise<void>;
}

interface ChatIds {
  readonly botId: number;
  readonly chatId: number;
}

/** What the messages of the thread need. */
interface Connection extends ChatIds {
  /** Calls the API as the portal's app. */
  readonly call: (method: string, path: string, body: object) => Promise<Json>;
  readonly channelPath: string;
  readonly accountId: string;
  /** The actor that teammates' messages come from. */
  readonly teammate: string;
}

const channels = '/hubspot/conversations/custom-channels/2026-03';
const identifier = (value: string) => ({ type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value });

export async function beginThread(url: string, chat: ChatIds): Promise<ThreadStory> {
  const portal = await createJsonClient(url)('POST', '/control/hubspot/portals', { name: 'Contoso' });
  const connection = await connectPortal(url, portal, chat);
  const { call, channelPath } = connection;
  return {
    portalId: String(portal['portal_id']),
    async publish(from, text, more = {}) {
      const published = await call('POST', `${channelPath}/messages`, {
        ...messageOf(connection, from, text),
        ...more,
      });
      return String(published['id']);
    },
    async setStatus(messageId, statusType, errorMessage) {
      const status = { statusType, ...(errorMessage === undefined ? {} : { errorMessage }) };
      await call('PATCH', `${channelPath}/messages/${messageId}`, status);
    },
  };
}

/** Registers a channel in the portal, with one account for the bot. */
async function connectPortal(url: string, portal: Json, chat: ChatIds): Promise<Connection> {
  const client = createJsonClient(url);
  const developer = `hapikey=${portal['developer_api_key']}&appId=${portal['app_id']}`;
  const channel = await client('POST', `${channels}?${developer}`, {
    name: 'Telegram',
    webhookUrl: 'http://127.0.0.1:9/unused',
    capabilities: {
      deliveryIdentifierTypes: ['CHANNEL_SPECIFIC_OPAQUE_ID'],
      threadingModel: 'INTEGRATION_THREAD_ID',
      richText: ['HYPERLINK', 'BOLD'],
      allowOutgoingMessages: true,
      maxFileAttachmentCount: 2,
    },
  });
  const credentials = new URLSearchParams({ grant_type: 'refresh_token' });
  for (const name of ['client_id', 'client_secret', 'refresh_token']) credentials.set(name, String(portal[name]));
  const granted = await client('POST', '/hubspot/oauth/2026-03/token', credentials);
  const authorization = `Bearer ${granted['access_token']}`;
  const call = (method: string, path: string, body: object) => client(method, path, body, { authorization });
  const channelPath = `${channels}/${channel['id']}`;
  const account = await call('POST', `${channelPath}/channel-accounts`, {
    inboxId: portal['inbox_id'],
    name: '@bot',
    authorized: true,
    deliveryIdentifier: identifier(`tgbot:${chat.botId}`),
  });
  const [user] = portal['users'] as readonly { readonly id: string }[];
  return { ...chat, call, channelPath, accountId: String(account['id']), teammate: `A-${user?.id}` };
}

function messageOf({ botId, chatId, accountId, teammate }: Connection, from: 'customer' | 'teammate', text: string) {
  const customer = { name: 'Ada Lovelace', deliveryIdentifier: identifier(`tg:${chatId}`) };
  const bot = { name: '@bot', deliveryIdentifier: identifier(`tgbot:${botId}`) };
  const isIncoming = from === 'customer';
  return {
    text,
    attachments: [],
    channelAccountId: accountId,
    messageDirection: isIncoming ? 'INCOMING' : 'OUTGOING',
    timestamp: '2026-11-22T10:00:00Z',
    integrationThreadId: `tg:${botId}:${chatId}`,
    senders: [isIncoming ? customer : { ...bot, senderActorId: teammate }],
    recipients: [isIncoming ? bot : customer],
  };
}
