import { plaintext } from './html.ts';
import type { Attachment, Author, Contact, Conversation, Part, Workspace } from './workspace.ts';

/** One entry of a conversation as an agent sees it. */
export interface TranscriptEntry {
  readonly id: string;
  /** `source` is the conversation's first message, which is not a part. */
  readonly part_type: Part['partType'] | 'source';
  readonly author: { readonly type: Author['type']; readonly id: string; readonly name: string | null };
  /** HTML as the simulator stored it: with known tags and safe links only. */
  readonly body: string | null;
  readonly text: string;
  readonly created_at: number;
  readonly attachments: readonly Attachment[];
  /** True: the entry is internal, and the contact does not see it. */
  readonly is_note: boolean;
  readonly is_redacted: boolean;
  readonly assigned_to: Part['assignedTo'];
  readonly made_by: Part['madeBy'];
  readonly is_notified: boolean;
  readonly quick_replies: readonly unknown[];
  /** The uuid of the quick reply that the contact chose. */
  readonly quick_reply: string | null;
}

export interface ContactCard {
  readonly id: string;
  readonly role: Contact['role'];
  readonly external_id: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly custom_attributes: Readonly<Record<string, unknown>>;
}

export interface ConversationSummary {
  readonly id: string;
  readonly state: Conversation['state'];
  readonly created_at: number;
  readonly updated_at: number;
  readonly contact: ContactCard | null;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly is_read: boolean;
  readonly tags: readonly string[];
  readonly custom_attributes: Readonly<Record<string, unknown>>;
  readonly last_text: string;
}

export interface Transcript extends ConversationSummary {
  readonly entries: readonly TranscriptEntry[];
}

function contactCard(contact: Contact | undefined): ContactCard | null {
  if (!contact) return null;
  return {
    id: contact.id,
    role: contact.role,
    external_id: contact.externalId,
    name: contact.name,
    phone: contact.phone,
    email: contact.email,
    custom_attributes: contact.customAttributes,
  };
}

function sourceEntry({ source, createdAt }: Conversation): TranscriptEntry {
  return {
    id: source.id,
    part_type: 'source',
    author: { type: source.author.type, id: source.author.id, name: source.author.name },
    body: source.body,
    text: plaintext(source.body),
    created_at: createdAt,
    attachments: source.attachments,
    is_note: false,
    is_redacted: source.redacted,
    assigned_to: null,
    made_by: 'api',
    is_notified: true,
    quick_replies: [],
    quick_reply: null,
  };
}

function partEntry(part: Part): TranscriptEntry {
  const options = part.metadata['quick_reply_options'];
  const chosen = part.metadata['quick_reply_uuid'];
  return {
    id: part.id,
    part_type: part.partType,
    author: { type: part.author.type, id: part.author.id, name: part.author.name },
    body: part.body,
    text: part.body === null ? '' : plaintext(part.body),
    created_at: part.createdAt,
    attachments: part.attachments,
    is_note: part.partType === 'note',
    is_redacted: part.redacted,
    assigned_to: part.assignedTo,
    made_by: part.madeBy,
    is_notified: part.notified,
    quick_replies: Array.isArray(options) ? options : [],
    quick_reply: typeof chosen === 'string' ? chosen : null,
  };
}

export function conversationSummary(workspace: Workspace, conversation: Conversation): ConversationSummary {
  const lastBody = conversation.parts.findLast((part) => part.body !== null)?.body ?? conversation.source.body;
  const assignee = workspace.admins.find((admin) => admin.id === conversation.adminAssigneeId);
  const team = workspace.teams.find(({ id }) => id === conversation.teamAssigneeId);
  return {
    id: conversation.id,
    state: conversation.state,
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    contact: contactCard(workspace.contacts.get(conversation.contactId)),
    assignee: assignee?.name ?? null,
    team: team?.name ?? null,
    is_read: conversation.read,
    tags: conversation.tags.map((tag) => tag.name),
    custom_attributes: conversation.customAttributes,
    last_text: plaintext(lastBody),
  };
}

export function conversationTranscript(workspace: Workspace, conversation: Conversation): Transcript {
  return {
    ...conversationSummary(workspace, conversation),
    entries: [sourceEntry(conversation), ...conversation.parts.map(partEntry)],
  };
}
