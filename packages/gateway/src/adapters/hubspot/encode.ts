import { type EntryBody, type EntryExtra, plainText } from '../../core/inbox/entry.ts';
import { htmlOf } from '../../core/inbox/entry-html.ts';
import type { ContactRequest, ConversationLink, EntryFile, InboxBot, InboxEntry } from '../../ports/inbox.ts';
import { contactProfile } from './contact-profile.ts';
import type { ContactMatching, HubspotSettings } from './settings.ts';

const opaqueId = (value: string) => ({ type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value });

export const botIdentifier = (channel: InboxBot) => opaqueId(`tgbot:${channel.botId}`);

/** Names the thread. The generation is marked: a topic is a number too. */
export function threadKey(request: ContactRequest, link: ConversationLink): string {
  const topic = request.chat.topicId === null ? '' : `:${request.chat.topicId}`;
  const generation = link.generation > 0 ? `:g${link.generation}` : '';
  return `tg:${request.channel.botId}:${firstChatId(request, link)}${topic}${generation}`;
}

/** HubSpot knows a conversation by the id that the chat had when it began; Telegram gives a group another one once. */
const firstChatId = (request: ContactRequest, link: ConversationLink): string =>
  link.contact.data['formerChatId'] ?? request.chat.chatId;

/**
 * One message for our channel, in the direction of its author. `actorId` is the user who appears as the sender, `files`
 * are the uploaded files as `encodeFile` encoded them.
 */
export function encodeMessage(
  request: ContactRequest,
  link: ConversationLink,
  entry: InboxEntry,
  actorId: string | null,
  files: readonly object[] = [],
): object {
  const outgoing = entry.author.kind === 'teammate';
  const customer = {
    name: customerName(request, entry),
    deliveryIdentifier: opaqueId(`tg:${firstChatId(request, link)}`),
  };
  const bot = { name: `@${request.channel.username}`, deliveryIdentifier: botIdentifier(request.channel) };
  const { contactId } = link.contact;
  return {
    text: textOf(entry.body),
    richText: htmlOf(entry.body),
    attachments: [...entry.body.extras.map(encodeExtra), ...files],
    channelAccountId: request.channel.ref['channelAccountId'],
    messageDirection: outgoing ? 'OUTGOING' : 'INCOMING',
    timestamp: new Date(entry.happenedAtMs).toISOString(),
    integrationThreadId: threadKey(request, link),
    integrationIdempotencyId: entry.key,
    senders: [outgoing ? { ...bot, ...(actorId === null ? {} : { senderActorId: actorId }) } : customer],
    recipients: [outgoing ? customer : bot],
    ...(contactId === null ? {} : { associateWithContactId: Number(contactId) }),
  };
}

export const encodeComment = (body: EntryBody, files: readonly object[] = []): object => ({
  type: 'COMMENT',
  text: textOf(body),
  richText: htmlOf(body),
  attachments: files,
});

/** HubSpot requires a text. */
export const textOf = (body: EntryBody): string => plainText(body) || ' ';

/** In a group the customer is the chat, and the entry itself names who speaks. */
function customerName(request: ContactRequest, entry: InboxEntry): string {
  if (request.chat.kind !== 'private') return request.chat.title;
  return entry.author.kind === 'customer' ? entry.author.name : request.chat.title;
}

function encodeExtra(extra: EntryExtra): object {
  if (extra.kind === 'location') {
    const { latitude, longitude, name, address } = extra;
    return {
      type: 'LOCATION',
      latitude,
      longitude,
      ...(name === null ? {} : { name }),
      ...(address === null ? {} : { address }),
    };
  }
  return { type: 'CONTACT', contactProfile: contactProfile(extra) };
}

/** A file that was uploaded before. */
export const encodeFile = (file: EntryFile, fileId: string): object => ({
  type: 'FILE',
  fileId,
  fileUsageType: usageOf(file),
});

function usageOf({ media, mediaType }: EntryFile): string {
  if (media === 'voice') return 'VOICE_RECORDING';
  if (mediaType.startsWith('image/')) return media === 'sticker' ? 'STICKER' : 'IMAGE';
  return mediaType.startsWith('audio/') ? 'AUDIO' : 'OTHER';
}

/** The value that finds the contact, or null if this chat has none (a user without a username). */
export function identifierOf(request: ContactRequest, matching: ContactMatching): string | null {
  if (matching.identifier === 'user_id') return request.chat.chatId;
  return request.chat.kind === 'private' ? (request.person?.username ?? request.chat.username) : request.chat.username;
}

export const encodeContactProperties = (request: ContactRequest, matching: ContactMatching, identifier: string) => ({
  firstname: request.chat.kind === 'private' ? (request.person?.name ?? request.chat.title) : request.chat.title,
  [matching.property]: identifier,
});

/** HubSpot: the description requires all five fields. */
export const encodeContactSearch = (matching: ContactMatching, identifier: string): object => ({
  filterGroups: [{ filters: [{ propertyName: matching.property, operator: 'EQ', value: identifier }] }],
  properties: [matching.property],
  sorts: [],
  limit: 10,
  after: '0',
});

export const encodeChannel = (settings: HubspotSettings, setupUrl: string | null): object => ({
  name: 'Telegram',
  webhookUrl: settings.webhook_url,
  ...(setupUrl === null ? {} : { channelAccountConnectionRedirectUrl: setupUrl }),
  channelDescription: 'Telegram bots, carried by Chatferry.',
  capabilities: {
    deliveryIdentifierTypes: ['CHANNEL_SPECIFIC_OPAQUE_ID'],
    threadingModel: 'INTEGRATION_THREAD_ID',
    richText: ['HYPERLINK', 'BOLD', 'ITALIC'],
    allowInlineImages: false,
    allowOutgoingMessages: true,
    allowConversationStart: false,
    allowMultipleRecipients: false,
    outgoingAttachmentTypes: ['FILE'],
    allowedFileAttachmentMimeTypes: ['image/*', 'video/*', 'audio/*', 'application/*', 'text/*'],
    maxFileAttachmentCount: 10,
    maxFileAttachmentSizeBytes: 20_000_000,
    maxTotalFileAttachmentSizeBytes: 50_000_000,
  },
});

export const encodeAccount = (channel: InboxBot, inboxId: string): object => ({
  inboxId,
  name: `@${channel.username}`,
  authorized: true,
  deliveryIdentifier: botIdentifier(channel),
});
