/** A HubSpot portal with the thread of one chat, as a gateway keeps it; by plain HTTP. */
export interface ThreadStory {
  readonly portalId: string;
  /** Publishes a line of the thread; gives HubSpot's message id. `more` lies over the message's fields. */
  publish(from: 'customer' | 'teammate', text: string, more?: object): Promise<string>;
  /** Tells HubSpot what became of an agent's message. */
  setStatus(messageId: string, statusType: string, errorMessage?: string): Promise<void>;
}

const identifier = (value: string) => ({ type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value });

export async function beginThread(
  url: string,
  { botId, chatId }: { readonly botId: number; readonly chatId: number },
): Promise<ThreadStory> {
  const call = async (method: string, path: string, body: object | URLSearchParams, token?: string) => {
    const isForm = body instanceof URLSearchParams;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(isForm ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: isForm ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path.split('?')[0]} answered ${response.status}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, string>>;
  };
  const portal = await call('POST', '/control/hubspot/portals', { name: 'Contoso' });
  const granted = await call(
    'POST',
    '/hubspot/oauth/2026-03/token',
    new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: portal['client_id'] ?? '',
      client_secret: portal['client_secret'] ?? '',
      refresh_token: portal['refresh_token'] ?? '',
    }),
  );
  const channels = '/hubspot/conversations/custom-channels/2026-03';
  const developer = `hapikey=${portal['developer_api_key']}&appId=${portal['app_id']}`;
  const channel = await call('POST', `${channels}?${developer}`, {
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
  const account = await call(
    'POST',
    `${channels}/${channel['id']}/channel-accounts`,
    { inboxId: portal['inbox_id'], name: '@bot', authorized: true, deliveryIdentifier: identifier(`tgbot:${botId}`) },
    granted['access_token'],
  );
  const [user] = portal['users'] as unknown as readonly { readonly id: string }[];
  return {
    portalId: portal['portal_id'] ?? '',
    async publish(from, text, more = {}) {
      const customer = { name: 'Ada Lovelace', deliveryIdentifier: identifier(`tg:${chatId}`) };
      const bot = { name: '@bot', deliveryIdentifier: identifier(`tgbot:${botId}`) };
      const isIncoming = from === 'customer';
      const published = await call(
        'POST',
        `${channels}/${channel['id']}/messages`,
        {
          text,
          attachments: [],
          channelAccountId: account['id'],
          messageDirection: isIncoming ? 'INCOMING' : 'OUTGOING',
          timestamp: '2026-11-22T10:00:00Z',
          integrationThreadId: `tg:${botId}:${chatId}`,
          senders: [isIncoming ? customer : { ...bot, senderActorId: `A-${user?.id}` }],
          recipients: [isIncoming ? bot : customer],
          ...more,
        },
        granted['access_token'],
      );
      return published['id'] ?? '';
    },
    async setStatus(messageId, statusType, errorMessage) {
      const status = { statusType, ...(errorMessage === undefined ? {} : { errorMessage }) };
      await call('PATCH', `${channels}/${channel['id']}/messages/${messageId}`, status, granted['access_token']);
    },
  };
}
