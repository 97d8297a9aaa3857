/**
 * What a gateway does at both ends, by plain HTTP and without a gateway: for the page's tests and its picture.
 */
export interface Story {
  readonly botId: number;
  readonly chatId: number;
  readonly workspaceId: string;
  readonly conversationId: string;
  /** The bot sends a message; `markup` is its `reply_markup`. Gives Telegram's message id. */
  send(text: string, markup?: object): Promise<number>;
  /** Any call of the Bot API. */
  bot(method: string, parameters?: object): Promise<unknown>;
  /** The next update that the bot has not seen, as soon as there is one. */
  nextUpdate(): Promise<Readonly<Record<string, Json>>>;
  /** The gateway records what a teammate or the customer said; a teammate's body is HTML. */
  record(author: 'teammate' | 'customer', body: string, files?: readonly object[]): Promise<void>;
  /** An agent answers in the inbox itself. */
  reply(body: string): Promise<void>;
  control(method: string, path: string, body?: object): Promise<unknown>;
}

type Json = Readonly<Record<string, unknown>>;

export interface Cast {
  readonly botName?: string;
  readonly username?: string;
  readonly inlineMode?: boolean;
  readonly customer?: { readonly first_name: string; readonly last_name?: string };
  readonly started?: boolean;
  readonly workspace?: string;
}

/** A bot with one customer, and an Intercom workspace with the conversation of that customer. */
export async function beginStory(url: string, cast: Cast = {}): Promise<Story> {
  const call = caller(url);
  const customer = cast.customer ?? { first_name: 'Ada', last_name: 'Lovelace' };
  const username = cast.username ?? 'northwind_bot';
  const bot = await call('POST', '/control/telegram/bots', {
    first_name: cast.botName ?? 'Northwind',
    username,
    supports_inline_queries: cast.inlineMode ?? false,
  });
  const chat = await call('POST', '/control/telegram/chats', {
    bot_id: bot['id'],
    user: customer,
    started: cast.started ?? true,
  });
  const [botId, chatId] = [Number(bot['id']), Number(chat['chat_id'])];
  const workspace = await call('POST', '/control/intercom/workspaces', { name: cast.workspace ?? 'Northwind' });
  const token = { authorization: `Bearer ${workspace['access_token']}`, 'intercom-version': '2.16' };
  const [admin] = workspace['admins'] as readonly { readonly id: string }[];
  const contact = await call(
    'POST',
    '/intercom/contacts',
    {
      role: 'user',
      external_id: `telegram:${botId}:${chatId}`,
      name: [customer.first_name, customer.last_name].filter(Boolean).join(' '),
    },
    token,
  );
  const opened = await call(
    'POST',
    '/intercom/conversations',
    { from: { type: 'user', id: contact['id'] }, body: 'Hello! Where is my parcel?' },
    token,
  );
  const conversationId = String(opened['conversation_id']);
  let offset = 0;
  return {
    botId,
    chatId,
    workspaceId: String(workspace['workspace_id']),
    conversationId,
    async send(text, markup) {
      const parameters = { chat_id: chatId, text, ...(markup ? { reply_markup: markup } : {}) };
      const { result } = await call('POST', `/telegram/bot${bot['token']}/sendMessage`, parameters);
      return Number((result as Json)['message_id']);
    },
    async bot(method, parameters = {}) {
      return (await call('POST', `/telegram/bot${bot['token']}/${method}`, parameters))['result'];
    },
    async nextUpdate() {
      const parameters = { offset, limit: 1, timeout: 10 };
      const { result } = await call('POST', `/telegram/bot${bot['token']}/getUpdates`, parameters);
      const [update] = result as readonly Readonly<Record<string, Json>>[];
      if (!update) throw new Error('The bot has been told nothing for 10 s.');
      offset = Number(update['update_id']) + 1;
      return update;
    },
    async record(author, body, files = []) {
      const from =
        author === 'teammate'
          ? { type: 'admin', admin_id: admin?.id, skip_notifications: true }
          : { type: 'user', intercom_user_id: contact['id'] };
      const part = {
        message_type: 'comment',
        body,
        ...from,
        ...(files.length === 0 ? {} : { attachment_files: files }),
      };
      await call('POST', `/intercom/conversations/${conversationId}/reply`, part, token);
    },
    async reply(body) {
      const path = `/control/intercom/workspaces/${workspace['workspace_id']}/conversations/${conversationId}/reply`;
      await call('POST', path, { body });
    },
    control: (method, path, body) => call(method, `/control${path}`, body),
  };
}

function caller(url: string) {
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Json> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${method} ${path.replace(/bot[^/]*/, 'bot…')} answered ${response.status}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Json);
  };
}

/** The messages that the send contract's document shows, as Telegram gets them. */
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
