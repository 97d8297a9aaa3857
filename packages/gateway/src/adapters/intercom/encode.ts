import { type EntryBody, plainText } from '../../core/inbox/entry.ts';
import { htmlOf } from '../../core/inbox/entry-html.ts';
import type { ContactRequest, InboxEntry } from '../../ports/inbox.ts';

export type ContactRole = 'lead' | 'user';

/** The contact attribute that names the chat; the others are for the team to read. */
export const chatAttribute = 'telegram_chat_id';
export const contactAttributes = [chatAttribute, 'telegram_username', 'telegram_language'] as const;

export const chatKey = (request: ContactRequest): string => `${request.channel.botId}:${request.chat.chatId}`;

/** A contact that was deleted for good leaves its external id locked: the next one has another. */
export type ContactLife = 'first' | 'second';

export const externalId = (request: ContactRequest, life: ContactLife): string =>
  `telegram:${chatKey(request)}${life === 'second' ? ':2' : ''}`;

/** Never an e-mail: Intercom would send replies to it, past Telegram. In a group the contact is the chat. */
export function encodeContact(request: ContactRequest, role: ContactRole, life: ContactLife = 'first'): object {
  const { chat, person } = request;
  const ofPerson = chat.kind === 'private' ? person : null;
  const username = ofPerson?.username ?? chat.username;
  return {
    role,
    ...(role === 'user' ? { external_id: externalId(request, life) } : {}),
    name: ofPerson?.name ?? chat.title,
    custom_attributes: {
      [chatAttribute]: chatKey(request),
      ...(username === null ? {} : { telegram_username: username }),
      ...(ofPerson === null || ofPerson.languageCode === null ? {} : { telegram_language: ofPerson.languageCode }),
    },
  };
}

export const encodeContactSearch = (request: ContactRequest): object => ({
  query: { field: `custom_attributes.${chatAttribute}`, operator: '=', value: chatKey(request) },
  pagination: { per_page: 50 },
});

export const encodeAttribute = (name: string): object => ({ name, model: 'contact', data_type: 'string' });

/** The customer opens a conversation. Intercom: no HTML here, and `from.type` must be the contact's role. */
export const encodeOpening = (contactId: string, role: ContactRole, entry: InboxEntry): object => ({
  from: { type: role, id: contactId },
  body: plainBody(entry.body),
});

/** Intercom's description names `in_app`; the other spelling is that of its own clients. */
export type MessageType = 'in_app' | 'inapp';

/** A teammate opens a conversation. Intercom: `from.id` is a number here and a string everywhere else. */
export const encodeMessage = (
  messageType: MessageType,
  adminId: string,
  to: { readonly contactId: string; readonly role: ContactRole },
  entry: InboxEntry,
): object => ({
  message_type: messageType,
  template: 'plain',
  body: htmlOf(entry.body),
  from: { type: 'admin', id: Number(adminId) },
  to: { type: to.role, id: to.contactId },
  create_conversation_without_contact_reply: true,
});

/**
 * Intercom: `type` is `user` for leads as well; an answer to quick replies names the option by its UUID, which lets a workflow
 * continue. An option without one is answered in words alone.
 */
export const encodeContactReply = (contactId: string, entry: Omit<InboxEntry, 'key'>): object => ({
  message_type: 'comment',
  type: 'user',
  intercom_user_id: contactId,
  body: plainBody(entry.body),
  ...(entry.chosen !== undefined && uuid.test(entry.chosen.value)
    ? { reply_options: [{ text: entry.chosen.label, uuid: entry.chosen.value }] }
    : {}),
  ...encodeFiles(entry),
});

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `skip_notifications`: the customer has the message in Telegram already, the Messenger must not announce it. */
export const encodeAdminReply = (
  messageType: 'comment' | 'note',
  adminId: string,
  entry: Pick<InboxEntry, 'body' | 'attachments'>,
): object => ({
  message_type: messageType,
  type: 'admin',
  admin_id: adminId,
  body: htmlOf(entry.body),
  ...encodeFiles(entry),
  ...(messageType === 'comment' ? { skip_notifications: true } : {}),
});

/** Intercom: any type of file, at most ten; a limit of their size is not documented. */
function encodeFiles({ attachments = [] }: Pick<InboxEntry, 'attachments'>): object {
  if (attachments.length === 0) return {};
  const files = attachments.map(({ name, mediaType, content }) => ({
    content_type: mediaType,
    name,
    data: content.toString('base64'),
  }));
  return { attachment_files: files };
}

export const encodeConversationSearch = (contactId: string): object => ({
  query: { operator: 'AND', value: [{ field: 'contact_ids', operator: '=', value: contactId }] },
  pagination: { per_page: 50 },
});

/** What Intercom will give back as the body of this entry, in a form that `bodyHash` compares. */
export const expectedBody = (entry: Pick<InboxEntry, 'author' | 'body'>): string =>
  entry.author.kind === 'customer' ? plainBody(entry.body) : htmlOf(entry.body);

/** Intercom refuses an empty body. */
const plainBody = (body: EntryBody): string => plainText(body) || '(empty)';
