import { type Environment, nowSeconds } from './environment.ts';
import {
  type Attachment,
  type Author,
  type Contact,
  type Conversation,
  type ConversationState,
  contactAuthor,
  type Part,
  type PartType,
  type Source,
  type Workspace,
} from './workspace.ts';

export interface NewPart {
  readonly partType: PartType;
  readonly body: string | null;
  readonly author: Author;
  readonly attachments?: readonly Attachment[];
  readonly assignedTo?: Part['assignedTo'];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly madeBy: Part['madeBy'];
  readonly notified?: boolean;
  readonly state?: ConversationState;
  readonly createdAt?: number | undefined;
}

export function openConversation(
  environment: Environment,
  workspace: Workspace,
  contact: Contact,
  source: Omit<Source, 'id' | 'redacted'> & { readonly id?: string },
  createdAt: number = nowSeconds(environment),
): Conversation {
  const fromContact = source.deliveredAs === 'customer_initiated';
  const conversation: Conversation = {
    id: environment.ids.next('conversation'),
    source: { ...source, id: source.id ?? environment.ids.next('message'), redacted: false },
    contactId: contact.id,
    createdAt,
    updatedAt: createdAt,
    state: 'open',
    lastClosedAt: null,
    read: false,
    title: null,
    waitingSince: fromContact ? createdAt : null,
    firstContactReplyAt: fromContact ? createdAt : null,
    adminAssigneeId: null,
    teamAssigneeId: null,
    customAttributes: {},
    tags: [],
    parts: [],
  };
  workspace.conversations.set(conversation.id, conversation);
  if (fromContact) contact.lastRepliedAt = createdAt;
  environment.context.feed.publish('intercom', 'conversation.created', {
    workspaceId: workspace.id,
    conversationId: conversation.id,
    contactId: contact.id,
    deliveredAs: source.deliveredAs,
    body: source.body,
    madeBy: 'api',
  });
  return conversation;
}

export function addPart(
  environment: Environment,
  workspace: Workspace,
  conversation: Conversation,
  given: NewPart,
): Part {
  const createdAt = given.createdAt ?? nowSeconds(environment);
  if (given.state === 'closed') conversation.lastClosedAt = createdAt;
  conversation.state = given.state ?? conversation.state;
  const part: Part = {
    id: environment.ids.next('part'),
    partType: given.partType,
    body: given.body,
    createdAt,
    updatedAt: createdAt,
    author: given.author,
    attachments: given.attachments ?? [],
    assignedTo: given.assignedTo ?? null,
    metadata: given.metadata ?? {},
    translations: null,
    appPackageCode: given.madeBy === 'api' ? workspace.options.appPackageCode : null,
    notified: given.notified ?? true,
    madeBy: given.madeBy,
    state: conversation.state,
    redacted: false,
  };
  conversation.parts.push(part);
  conversation.updatedAt = nowSeconds(environment);
  environment.context.feed.publish('intercom', 'part.added', {
    workspaceId: workspace.id,
    conversationId: conversation.id,
    partId: part.id,
    partType: part.partType,
    body: part.body,
    authorType: part.author.type,
    authorId: part.author.id,
    madeBy: part.madeBy,
  });
  return part;
}

/**
 * Adds a contact's message, which reopens a closed conversation. Intercom: the part then has the type `open`, with the
 * text.
 */
export function addContactPart(
  environment: Environment,
  workspace: Workspace,
  conversation: Conversation,
  contact: Contact,
  given: Pick<NewPart, 'body' | 'attachments' | 'metadata' | 'createdAt'>,
): Part {
  const part = addPart(environment, workspace, conversation, {
    ...given,
    partType: conversation.state === 'closed' ? 'open' : 'comment',
    author: contactAuthor(contact),
    madeBy: 'api',
    state: 'open',
  });
  conversation.waitingSince ??= part.createdAt;
  conversation.firstContactReplyAt ??= part.createdAt;
  conversation.read = false;
  contact.lastRepliedAt = part.createdAt;
  return part;
}
