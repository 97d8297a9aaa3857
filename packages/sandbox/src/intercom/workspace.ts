import type { DeliveryOrder } from '../inbox-server/webhook-queue.ts';
import type { IntercomOptions } from './options.ts';

/** Unix time in seconds, as Intercom writes times. */
export type Seconds = number;

export interface Admin {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** True for the Operator bot, which is in the list of admins but cannot be a sender. */
  readonly operator: boolean;
}

export interface MergeRecord {
  readonly contactId: string;
  readonly role: Role;
  readonly mergedAt: Seconds;
}

export type Role = 'user' | 'lead';

export interface Contact {
  readonly id: string;
  role: Role;
  externalId: string | null;
  email: string | null;
  phone: string | null;
  name: string | null;
  avatar: string | null;
  ownerId: string | null;
  customAttributes: Readonly<Record<string, unknown>>;
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  lastRepliedAt: Seconds | null;
  searchableAtMs: number;
  readonly messageableAtMs: number;
  /** The external id of a `deleted` contact stays locked for a week; `merged` refers to the remaining contact. */
  state: { kind: 'live' } | { kind: 'archived' } | { kind: 'deleted'; atMs: number } | { kind: 'merged'; into: string };
  readonly merges: MergeRecord[];
}

export interface Author {
  readonly type: 'admin' | 'bot' | 'team' | Role;
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly aiAnswer: boolean;
}

export interface Attachment {
  readonly type: 'upload';
  readonly name: string;
  readonly url: string;
  readonly content_type: string;
  readonly filesize: number;
}

export type PartType = 'comment' | 'note' | 'quick_reply' | 'assignment' | 'close' | 'open';

export interface Part {
  readonly id: string;
  readonly partType: PartType;
  body: string | null;
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  readonly author: Author;
  attachments: readonly Attachment[];
  readonly assignedTo: { readonly type: 'admin' | 'team'; readonly id: string } | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly appPackageCode: string | null;
  /** Intercom: a teammate's reply as HTML by locale, and its own locale as `original`. Set after the reply was announced. */
  translations: Readonly<Record<string, string>> | null;
  /** False if `skip_notifications` suppressed the contact's notification. */
  readonly notified: boolean;
  /** Where the part was created. */
  readonly madeBy: 'api' | 'inbox';
  /** The conversation's state after this part. */
  readonly state: ConversationState;
  redacted: boolean;
}

export type ConversationState = 'open' | 'closed';

export interface Source {
  readonly id: string;
  readonly deliveredAs: 'admin_initiated' | 'customer_initiated';
  readonly subject: string;
  body: string;
  readonly author: Author;
  attachments: readonly Attachment[];
  redacted: boolean;
}

export interface Tag {
  readonly id: string;
  readonly name: string;
}

export interface AppliedTag extends Tag {
  readonly appliedAt: Seconds;
  readonly appliedBy: string;
}

export interface Conversation {
  readonly id: string;
  readonly source: Source;
  contactId: string;
  readonly createdAt: Seconds;
  updatedAt: Seconds;
  state: ConversationState;
  lastClosedAt: Seconds | null;
  read: boolean;
  title: string | null;
  waitingSince: Seconds | null;
  firstContactReplyAt: Seconds | null;
  adminAssigneeId: string | null;
  teamAssigneeId: string | null;
  customAttributes: Readonly<Record<string, unknown>>;
  tags: readonly AppliedTag[];
  readonly parts: Part[];
}

export interface DataAttribute {
  readonly id: number;
  readonly name: string;
  readonly model: 'contact' | 'company' | 'conversation';
  readonly dataType: string;
  readonly description: string;
  readonly messengerWritable: boolean;
  readonly createdAt: Seconds;
}

export interface Subscription extends DeliveryOrder {
  readonly id: string;
  readonly url: string;
  readonly topics: ReadonlySet<string>;
  active: boolean;
  throttledUntilMs: number;
}

export interface StoredFile {
  readonly name: string;
  readonly contentType: string;
  readonly data: Buffer;
}

export type Region = 'us' | 'eu' | 'au';

/** An app of the Developer Hub: its secret and its webhooks are the same in all workspaces that installed it. */
export interface App {
  readonly clientId: string;
  /** Signs the webhooks. */
  readonly clientSecret: string;
  /** The addresses that browsers may be sent back to; null: any address. */
  readonly redirectUrls: readonly string[] | null;
  readonly subscriptions: Subscription[];
}

export interface Workspace {
  /** Intercom's `id_code`. */
  readonly id: string;
  readonly name: string;
  readonly region: Region;
  readonly app: App;
  /** Empty: the app is not installed here and receives no webhooks. */
  readonly accessTokens: Set<string>;
  /** Authorization codes and the times when they expire, in milliseconds. */
  readonly codes: Map<string, number>;
  readonly createdAt: Seconds;
  readonly admins: readonly Admin[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly contacts: Map<string, Contact>;
  readonly contactIdByExternalId: Map<string, string>;
  readonly conversations: Map<string, Conversation>;
  readonly deletedConversations: { readonly id: string; readonly deletedAt: Seconds }[];
  readonly attributes: DataAttribute[];
  readonly tags: Tag[];
  readonly files: Map<string, StoredFile>;
  readonly window: { startedAtMs: number; used: number };
  /** The address under which the API was called last; the addresses of files begin with it. */
  baseUrl: string | null;
  options: IntercomOptions;
}

/** An admin who can send messages. The Operator bot cannot. */
export function findSender(workspace: Workspace, adminId: string): Admin | undefined {
  return workspace.admins.find((admin) => admin.id === adminId && !admin.operator);
}

export function adminAuthor(admin: Admin): Author {
  return { type: 'admin', id: admin.id, name: admin.name, email: admin.email, aiAnswer: false };
}

export function contactAuthor(contact: Contact): Author {
  return { type: contact.role, id: contact.id, name: contact.name, email: contact.email, aiAnswer: false };
}
