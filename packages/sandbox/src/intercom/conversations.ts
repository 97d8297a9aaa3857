import { isFields } from '../inbox-server/fields.ts';
import { announceFromApi } from './announce.ts';
import { attachmentUrls } from './attachments.ts';
import { liveContact } from './contacts.ts';
import { conversationListItem, conversationShape } from './conversation-shape.ts';
import { openConversation } from './conversation-writes.ts';
import type { Environment } from './environment.ts';
import {
  optionalBoolean,
  optionalFields,
  optionalInteger,
  optionalString,
  requiredBody,
  requiredChoice,
  requiredFields,
  requiredString,
} from './fields.ts';
import { contactHtml } from './html.ts';
import type { Call, Operation } from './operation.ts';
import { invalid, resourceNotFound, userNotFound } from './refusal.ts';
import { pageOfResults, parseQuery, requiredQuery, sortOrder } from './search-query.ts';
import { type Conversation, contactAuthor } from './workspace.ts';

export function requestedConversation(call: Call): Conversation {
  const conversation = call.workspace.conversations.get(call.params['id'] ?? '');
  if (!conversation) throw resourceNotFound();
  return conversation;
}

/**
 * Intercom: `from.type` must be the contact's role or `contact`, and the answer is the message, not the conversation.
 */
async function createConversation(environment: Environment, call: Call) {
  const { workspace, body } = call;
  const from = requiredFields(body, 'from');
  const type = requiredChoice(from, 'type', ['user', 'lead', 'contact'] as const);
  const id = requiredString(from, 'id');
  const text = requiredBody(body);
  const attachments = attachmentUrls(call);
  const contact = liveContact(call, id);
  if (type !== 'contact' && type !== contact.role) throw userNotFound();
  const createdAt = optionalInteger(body, 'created_at');
  const source = {
    deliveredAs: 'customer_initiated' as const,
    subject: optionalString(body, 'subject') ?? '',
    body: contactHtml(text),
    author: contactAuthor(contact),
    attachments,
  };
  const conversation = openConversation(environment, workspace, contact, source, createdAt);
  await announceFromApi(environment, workspace, ['conversation.user.created'], conversation, []);
  return {
    type: 'user_message',
    id: conversation.source.id,
    created_at: conversation.createdAt,
    body: text,
    message_type: 'inapp',
    conversation_id: conversation.id,
  };
}

const readers: Readonly<Record<string, (conversation: Conversation) => readonly unknown[]>> = {
  id: (conversation) => [conversation.id],
  created_at: (conversation) => [conversation.createdAt],
  updated_at: (conversation) => [conversation.updatedAt],
  waiting_since: (conversation) => [conversation.waitingSince],
  'source.id': (conversation) => [conversation.source.id],
  'source.type': () => ['conversation'],
  'source.delivered_as': (conversation) => [conversation.source.deliveredAs],
  'source.subject': (conversation) => [conversation.source.subject],
  'source.body': (conversation) => [conversation.source.body],
  'source.author.id': (conversation) => [conversation.source.author.id],
  'source.author.type': (conversation) => [conversation.source.author.type],
  contact_ids: (conversation) => [conversation.contactId],
  admin_assignee_id: (conversation) => [conversation.adminAssigneeId],
  team_assignee_id: (conversation) => [conversation.teamAssigneeId],
  open: (conversation) => [conversation.state === 'open'],
  state: (conversation) => [conversation.state],
  read: (conversation) => [conversation.read],
  tag_ids: (conversation) => conversation.tags.map((tag) => tag.id),
};

function searchConversations(call: Call) {
  const { workspace, body } = call;
  const custom = 'custom_attribute.';
  const read = (conversation: Conversation, field: string) =>
    field.startsWith(custom)
      ? [conversation.customAttributes[field.slice(custom.length)] ?? null]
      : readers[field]?.(conversation);
  const isField = (field: string) =>
    field in readers ||
    workspace.attributes.some((known) => known.model === 'conversation' && field === custom + known.name);
  const matches = parseQuery(requiredQuery(body), read, isField);
  const { field, descending } = sortOrder(body);
  const found = [...workspace.conversations.values()]
    .filter(matches)
    .sort((one, other) => Number(read(one, field)?.[0] ?? 0) - Number(read(other, field)?.[0] ?? 0));
  const page = pageOfResults(descending ? found.reverse() : found, body, 20);
  return {
    type: 'conversation.list',
    pages: page.pages,
    total_count: page.total,
    conversations: page.items.map((conversation) => conversationListItem(workspace, conversation, 'html')),
  };
}

function updateConversation(environment: Environment, call: Call): Conversation {
  const { workspace, body } = call;
  const conversation = requestedConversation(call);
  const attributes = optionalFields(body, 'custom_attributes') ?? {};
  for (const name of Object.keys(attributes)) {
    const known = workspace.attributes.some(
      (attribute) => attribute.model === 'conversation' && attribute.name === name,
    );
    if (!known) throw invalid(`Custom attribute '${name}' does not exist`);
  }
  conversation.read = optionalBoolean(body, 'read') ?? conversation.read;
  conversation.title = optionalString(body, 'title') ?? conversation.title;
  conversation.customAttributes = { ...conversation.customAttributes, ...attributes };
  conversation.updatedAt = Math.floor(environment.context.clock.nowMs() / 1000);
  environment.context.feed.publish('intercom', 'conversation.updated', {
    workspaceId: workspace.id,
    conversationId: conversation.id,
  });
  return conversation;
}

export function conversationOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: 'POST /conversations',
      subject: (body) => (isFields(body['from']) ? body['from']['id'] : undefined),
      handle: (call) => createConversation(environment, call),
    },
    { name: 'POST /conversations/search', handle: searchConversations },
    {
      name: 'GET /conversations/deleted',
      handle: ({ workspace }) => ({
        type: 'conversation.list',
        conversations: workspace.deletedConversations.map(({ id, deletedAt }) => ({
          type: 'conversation',
          id,
          metrics_retained: true,
          deleted_at: deletedAt,
        })),
        total_count: workspace.deletedConversations.length,
        pages: { type: 'pages', page: 1, per_page: 20, total_pages: 1 },
      }),
    },
    {
      name: 'GET /conversations/{id}',
      handle: (call) =>
        conversationShape(
          call.workspace,
          requestedConversation(call),
          call.query['display_as'] === 'plaintext' ? 'plaintext' : 'html',
        ),
    },
    {
      name: 'PUT /conversations/{id}',
      handle: (call) => conversationShape(call.workspace, updateConversation(environment, call)),
    },
  ];
}
