import { plaintext } from './html.ts';
import type { Attachment, Author, Conversation, Part, Workspace } from './workspace.ts';

/** Intercom: REST answers contain HTML unless plain text is requested; webhooks are plain text from 2.15 on. */
export type BodyFormat = 'html' | 'plaintext';

/** Intercom returns at most the newest 500 parts of a conversation. */
const partsMax = 500;

function authorShape({ id, type, name, email }: Author): Readonly<Record<string, unknown>> {
  return { id, type, name, ...(email === null ? {} : { email }) };
}

/** Intercom: plain-text bodies show each file as `[Image]` or `[Attachment]`. */
function plainBody(html: string | null, attachments: readonly Attachment[]): string {
  const marks = attachments.map((file) => (file.content_type.startsWith('image/') ? '[Image]' : '[Attachment]'));
  return [html === null ? '' : plaintext(html), ...marks].filter((line) => line !== '').join('\n');
}

function partShape(part: Part, format: BodyFormat): Readonly<Record<string, unknown>> {
  const empty = part.body === null && part.attachments.length === 0;
  return {
    type: 'conversation_part',
    id: part.id,
    part_type: part.partType,
    body: empty || format === 'html' ? part.body : plainBody(part.body, part.attachments),
    created_at: part.createdAt,
    updated_at: part.updatedAt,
    notified_at: part.createdAt,
    assigned_to: part.assignedTo,
    author: { ...authorShape(part.author), from_ai_agent: part.author.aiAnswer, is_ai_answer: part.author.aiAnswer },
    attachments: part.attachments,
    external_id: null,
    redacted: part.redacted,
    metadata: part.metadata,
    email_message_metadata: null,
    state: part.state,
    tags: [],
    event_details: null,
    app_package_code: part.appPackageCode,
    translations: part.translations,
  };
}

/** A conversation without its parts, as in lists and searches. */
export function conversationListItem(
  workspace: Workspace,
  conversation: Conversation,
  format: BodyFormat,
): Readonly<Record<string, unknown>> {
  const { source } = conversation;
  const contact = workspace.contacts.get(conversation.contactId);
  return {
    type: 'conversation',
    id: conversation.id,
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    waiting_since: conversation.waitingSince,
    snoozed_until: null,
    source: {
      type: 'conversation',
      id: source.id,
      delivered_as: source.deliveredAs,
      subject: source.subject,
      body: format === 'html' ? source.body : plainBody(source.body, source.attachments),
      author: authorShape(source.author),
      attachments: source.attachments,
      url: null,
      redacted: source.redacted,
    },
    contacts: {
      type: 'contact.list',
      contacts: [{ type: 'contact', id: conversation.contactId, external_id: contact?.externalId ?? null }],
    },
    first_contact_reply:
      conversation.firstContactReplyAt === null
        ? null
        : { created_at: conversation.firstContactReplyAt, type: 'conversation', url: null },
    admin_assignee_id: conversation.adminAssigneeId === null ? null : Number(conversation.adminAssigneeId),
    team_assignee_id: conversation.teamAssigneeId === null ? null : Number(conversation.teamAssigneeId),
    open: conversation.state === 'open',
    state: conversation.state,
    read: conversation.read,
    tags: {
      type: 'tag.list',
      tags: conversation.tags.map((tag) => ({
        type: 'tag',
        id: tag.id,
        name: tag.name,
        applied_at: tag.appliedAt,
        applied_by: { type: 'admin', id: tag.appliedBy },
      })),
    },
    priority: 'none',
    sla_applied: null,
    statistics:
      conversation.lastClosedAt === null
        ? null
        : { type: 'conversation_statistics', last_close_at: conversation.lastClosedAt },
    conversation_rating: null,
    teammates: null,
    title: conversation.title,
    custom_attributes: conversation.customAttributes,
    topics: {},
    ticket: null,
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ai_agent: null,
    ai_agent_participated: false,
    channel: { initial: 'messenger', current: 'messenger' },
  };
}

export function conversationShape(
  workspace: Workspace,
  conversation: Conversation,
  format: BodyFormat = 'html',
  parts: readonly Part[] = conversation.parts,
): Readonly<Record<string, unknown>> {
  return {
    ...conversationListItem(workspace, conversation, format),
    conversation_parts: {
      type: 'conversation_part.list',
      conversation_parts: parts.slice(-partsMax).map((part) => partShape(part, format)),
      total_count: parts.length,
    },
  };
}
