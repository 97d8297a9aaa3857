import { createJsonClient, type Json, type JsonClient } from './json-client.ts';

/** A bot and one customer of it, driven by HTTP calls. */
export interface ChatStory {
  readonly botId: number;
  readonly chatId: number;
  /** The bot sends a message; `markup` is its `reply_markup`. Returns Telegram's message id. */
  send(text: string, markup?: object): Promise<number>;
  /** Calls any method of the Bot API. */
  bot(method: string, parameters?: object): Promise<unknown>;
  /** The next update that the bot has not received yet; waits up to 10 s for it. */
  nextUpdate(): Promise<Readonly<Record<string, Json>>>;
  control(method: string, path: string, body?: object): Promise<unknown>;
}

/** The same with the conversation in the inbox, made by HTTP calls as a gateway makes them. */
export interface Story extends ChatStory {
  readonly workspaceId: string;
  readonly conversationId: string;
  /** The gateway records a message of a teammate or the customer; a teammate's body is HTML. */
  record(author: 'teammate' | 'customer', body: string, files?: readonly object[]): Promise<void>;
  /** An agent answers in the inbox itself. */
  reply(body: string): Promise<void>;
}

export interface Cast {
  readonly botName?: string;
  readonly username?: string;
  readonly inlineMode?: boolean;
  readonly customer?: { readonly first_name: string; readonly last_name?: string };
  readonly started?: boolean;
  readonly workspace?: string;
}

interface Conversation {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly contactId: string;
  readonly adminId: string;
  /** Calls Intercom's API as the workspace's app. */
  readonly call: (path: string, body: object) => Promise<Json>;
}

/** Creates a bot with one customer, and an Intercom workspace with the conversation of that customer. */
export async function beginStory(url: string, cast: Cast = {}): Promise<Story> {
  const client = createJsonClient(url);
  const chat = await beginChat(url, cast);
  const conversation = await openConversation(client, cast, chat);
  const { workspaceId, conversationId } = conversation;
  return {
    ...chat,
    workspaceId,
    conversationId,
    record: (author, body, files = []) => record(conversation, author, body, files),
    async reply(body) {
      const path = `/control/intercom/workspaces/${workspaceId}/conversations/${conversationId}/reply`;
      await client('POST', path, { body });
    },
  };
}

/** Creates a bot with one customer. */
export async function beginChat(url: string, cast: Cast = {}): Promise<ChatStory> {
  const client = createJsonClient(url);
  const bot = await client('POST', '/control/telegram/bots', {
    first_name: cast.botName ?? 'Northwind',
    username: cast.username ?? 'northwind_bot',
    supports_inline_queries: cast.inlineMode ?? false,
  });
  const chat = await client('POST', '/control/telegram/chats', {
    bot_id: bot['id'],
    user: customerOf(cast),
    started: cast.started ?? true,
  });
  const chatId = Number(chat['chat_id']);
  const callBot = async (method: string, parameters: object = {}) =>
    (await client('POST', `/telegram/bot${bot['token']}/${method}`, parameters))['result'];
  return {
    botId: Number(bot['id']),
    chatId,
    bot: callBot,
    async send(text, markup) {
      const parameters = { chat_id: chatId, text, ...(markup ? { reply_markup: markup } : {}) };
      return Number(((await callBot('sendMessage', parameters)) as Json)['message_id']);
    },
    nextUpdate: updateReader(callBot),
    control: (method, path, body) => client(method, `/control${path}`, body),
  };
}

const customerOf = (cast: Cast): NonNullable<Cast['customer']> =>
  cast.customer ?? { first_name: 'Ada', last_name: 'Lovelace' };

async function openConversation(client: JsonClient, cast: Cast, { botId, chatId }: ChatStory): Promise<Conversation> {
  const name = cast.workspace ?? 'Northwind';
  const customer = customerOf(cast);
  const workspace = await client('POST', '/control/intercom/workspaces', { name });
  const headers = { authorization: `Bearer ${workspace['access_token']}`, 'intercom-version': '2.16' };
  const call = (path: string, body: object) => client('POST', `/intercom${path}`, body, headers);
  const contact = await call('/contacts', {
    role: 'user',
    external_id: `telegram:${botId}:${chatId}`,
    name: [customer.first_name, customer.last_name].filter(Boolean).join(' '),
  });
  const contactId = String(contact['id']);
  const from = { type: 'user', id: contactId };
  const opened = await call('/conversations', { from, body: 'Hello! Where is my parcel?' });
  const [admin] = workspace['admins'] as readonly { readonly id: string }[];
  return {
    workspaceId: String(workspace['workspace_id']),
    conversationId: String(opened['conversation_id']),
    contactId,
    adminId: String(admin?.id),
    call,
  };
}

/** Reads the bot's updates one by one. */
function updateReader(callBot: ChatStory['bot']): ChatStory['nextUpdate'] {
  let offset = 0;
  return async () => {
    const result = await callBot('getUpdates', { offset, limit: 1, timeout: 10 });
    const [update] = result as readonly Readonly<Record<string, Json>>[];
    if (!update) throw new Error('The bot has received no update for 10 s.');
    offset = Number(update['update_id']) + 1;
    return update;
  };
}

async function record(
  { call, conversationId, adminId, contactId }: Conversation,
  author: 'teammate' | 'customer',
  body: string,
  files: readonly object[],
): Promise<void> {
  const sender =
    author === 'teammate'
      ? { type: 'admin', admin_id: adminId, skip_notifications: true }
      : { type: 'user', intercom_user_id: contactId };
  const attached = files.length === 0 ? {} : { attachment_files: files };
  await call(`/conversations/${conversationId}/reply`, { message_type: 'comment', body, ...sender, ...attached });
}

/** The markup of the examples in the documentation of the send operation, as Telegram receives it. */
export const markups = {
  shipped: {
    inline_keyboard: [
      [
        { text: 'Track order', url: 'https://example.com/track/ORD-9876' },
        { text: 'Need help', switch_inline_query_current_chat: 'help order ORD-9876' },
      ],
    ],
  },
  help: {
    keyboard: [
      [{ text: 'Track my order' }, { text: 'Return an item' }],
      [
        { text: 'Share my number', request_contact: true },
        { text: 'Share my location', request_location: true },
      ],
    ],
    resize_keyboard: true,
    one_time_keyboard: true,
  },
  thanks: { remove_keyboard: true },
  orderNumber: { force_reply: true, input_field_placeholder: 'e.g. ORD-9876' },
  appointment: {
    inline_keyboard: [
      [
        { text: 'Confirm', switch_inline_query_current_chat: 'confirm' },
        { text: 'Reschedule', switch_inline_query_current_chat: 'reschedule' },
      ],
    ],
  },
} as const;
