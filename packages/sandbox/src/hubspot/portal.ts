import type { Fields } from '../inbox-server/fields.ts';
import type { DeliveryOrder } from '../inbox-server/webhook-queue.ts';
import type { HubspotOptions } from './options.ts';

/** The app that is installed in a portal; channels are registered with its developer key. */
export interface App {
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly developerApiKey: string;
  /** The addresses that browsers may be sent back to; null: any address. */
  redirectUrls: readonly string[] | null;
  /** The scopes that every install must request; null: any. */
  scopes: readonly string[] | null;
}

/** An authorization code of an admin who approved the app; it can be redeemed once, for these scopes. */
export interface AuthorizationCode {
  readonly redirectUrl: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

export interface PortalInbox {
  readonly id: string;
  readonly name: string;
  readonly type: 'INBOX' | 'HELP_DESK';
  readonly createdAtMs: number;
}

export interface User {
  /** The id in `A-<id>`; the owner record of the same person has another id. */
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly email: string;
}

export interface Channel {
  readonly id: string;
  name: string;
  webhookUrl: string | null;
  redirectUrl: string | null;
  description: string | null;
  logoUrl: string | null;
  capabilities: Fields;
  readonly createdAtMs: number;
  readonly visibleAtMs: number;
  archived: boolean;
}

export interface DeliveryIdentifier {
  readonly type: string;
  readonly value: string;
}

export interface ChannelAccount {
  readonly id: string;
  readonly channelId: string;
  readonly inboxId: string;
  name: string;
  authorized: boolean;
  readonly deliveryIdentifier: DeliveryIdentifier | null;
  readonly createdAtMs: number;
}

export interface StagingToken {
  readonly token: string;
  readonly channelId: string;
  readonly inboxId: string;
  readonly userId: string;
  readonly createdAtMs: number;
  used: boolean;
  /** What the app named; the account is created when the browser returns. */
  prepared: { readonly name: string; readonly deliveryIdentifier: DeliveryIdentifier } | null;
}

/** A sender or recipient of a message. */
export interface Party {
  readonly actorId: string;
  readonly name: string | null;
  readonly deliveryIdentifier: DeliveryIdentifier | null;
}

export interface Message {
  readonly id: string;
  /** A comment is internal: it is not sent over the channel. */
  readonly type: 'MESSAGE' | 'COMMENT';
  readonly threadId: string;
  readonly channelId: string;
  readonly channelAccountId: string;
  readonly direction: 'INCOMING' | 'OUTGOING';
  readonly text: string;
  readonly richText: string | null;
  readonly attachments: readonly Fields[];
  readonly senders: readonly Party[];
  readonly recipients: readonly Party[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly clientType: 'HUBSPOT' | 'INTEGRATION';
  readonly inReplyToId: string | null;
  readonly idempotencyId: string | null;
  status: { readonly statusType: 'SENT' | 'FAILED' | 'READ' | 'RECEIVED'; readonly errorMessage: string | null };
  /** Set by the app alone. */
  reportedStatus?: 'SENT' | 'FAILED' | 'READ';
}

export interface Thread {
  readonly id: string;
  readonly channelId: string;
  readonly channelAccountId: string;
  readonly inboxId: string;
  readonly integrationThreadId: string;
  readonly visitorId: string;
  /** The customer, who receives replies. */
  visitor: Party;
  status: 'OPEN' | 'CLOSED';
  closedAtMs: number | null;
  assignedTo: string | null;
  contactId: string | null;
  readonly createdAtMs: number;
  readonly messages: Message[];
}

export interface Contact {
  readonly id: string;
  properties: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  updatedAtMs: number;
  searchableAtMs: number;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly access: string;
  readonly folderPath: string;
  readonly data: Buffer;
  /** Part of the signed address. */
  readonly signature: string;
  readonly createdAtMs: number;
}

export interface Portal {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly app: App;
  readonly users: readonly User[];
  readonly inboxes: readonly PortalInbox[];
  /** Refresh tokens and their scopes. */
  readonly refreshTokens: Map<string, readonly string[]>;
  readonly codes: Map<string, AuthorizationCode>;
  readonly channels: Map<string, Channel>;
  readonly accounts: Map<string, ChannelAccount>;
  readonly stagingTokens: Map<string, StagingToken>;
  readonly threads: Map<string, Thread>;
  readonly threadIdByKey: Map<string, string>;
  readonly messages: Map<string, Message>;
  readonly messageIdByIdempotencyId: Map<string, string>;
  readonly contacts: Map<string, Contact>;
  readonly properties: Map<string, { readonly name: string; readonly unique: boolean; readonly type: string }>;
  readonly files: Map<string, StoredFile>;
  readonly window: { startedAtMs: number; used: number };
  readonly webhooks: DeliveryOrder;
  /** The address under which the API was called last; the addresses of files begin with it. */
  baseUrl: string | null;
  options: HubspotOptions;
}

/** The user with the actor id `A-<user id>`. */
export function findAgent(portal: Portal, actorId: string): User | undefined {
  return portal.users.find((user) => actorId === `A-${user.id}`);
}
