import type { ConversationRules } from '@chatferry/contract';
import type { Arrangement } from '../core/inbox/conversation-rules.ts';
import type { EntryBody } from '../core/inbox/entry.ts';
import type { IncompleteReply } from '../core/inbox/inbox-event.ts';
import type { MediaKind } from '../core/message/content.ts';
import type { Chat, Person } from '../core/message/inbound.ts';
import type { FetchAttachment } from './attachment.ts';

/** The inbox's contact for a chat. `data` is the adapter's own (Intercom keeps the role there). */
export interface ContactLink {
  readonly contactId: string | null;
  readonly data: Readonly<Record<string, string>>;
}

/** Who a contact is made for, and what is known of them. In a group the contact is the chat. */
export interface ContactRequest {
  readonly channel: InboxChannel;
  readonly chat: Chat;
  readonly person: Person | null;
}

/** The bot as the inbox must know it. */
export interface InboxBot {
  readonly botId: string;
  readonly username: string;
  readonly name: string;
}

/** A bot that the inbox knows. `ref` is what `connectChannel` returned. */
export interface InboxChannel extends InboxBot {
  readonly ref: Readonly<Record<string, string>>;
}

export type EntryAuthor =
  | { readonly kind: 'teammate'; readonly senderId: string | null }
  | { readonly kind: 'customer'; readonly name: string }
  /** An internal note of the gateway, which the customer does not see. */
  | { readonly kind: 'note' };

/** A file that an entry carries. */
export interface EntryFile {
  readonly media: MediaKind;
  /** With an extension, without a path. */
  readonly name: string;
  /** Found from its bytes, not from its name. */
  readonly mediaType: string;
  readonly content: Buffer;
}

/** The most files that one entry carries. Intercom: ten; we register our HubSpot channel with ten. */
export const entryFilesMax = 10;

/** One message or note to be shown in the conversation. */
export interface InboxEntry {
  /** The same for every try of this entry: adapters whose provider knows idempotency pass it on. */
  readonly key: string;
  readonly author: EntryAuthor;
  readonly body: EntryBody;
  readonly happenedAtMs: number;
  /** The entry is the customer's choice among answers that the inbox offered; the body says its label. */
  readonly chosen?: { readonly label: string; readonly value: string } | undefined;
  /** None where it is absent. */
  readonly attachments?: readonly EntryFile[] | undefined;
}

export interface ConversationLink {
  readonly contact: ContactLink;
  /** Null if none exists yet: the entry opens it. */
  readonly conversationId: string | null;
  /** Counts the conversations of this chat; part of the thread key where we name the thread. */
  readonly generation: number;
  /** The newest entry of ours that is known to be there: `find` only looks at younger ones. */
  readonly lastEntryId?: string | null | undefined;
}

/** The outcome of a call to the inbox; `T` where it worked. */
export type InboxOutcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** Permanent: a person must decide. */
  | { readonly kind: 'rejected'; readonly detail: string }
  /** The credential is refused: the workspace is marked. */
  | { readonly kind: 'broken'; readonly detail: string }
  /** Not carried out: to be repeated later, in order. */
  | {
      readonly kind: 'deferred';
      readonly retryAfterMs: number | null;
      readonly detail: string;
      /** It gave no answer, or a server error; absent if it asked for the wait. */
      readonly unanswered?: true;
      /** It was not called, because it does not answer. */
      readonly isDown?: true;
      /** The inbox does not serve the path or its version, and says nothing of an object: a person must act. */
      readonly isUnserved?: true;
    }
  /** May have been carried out: call `find` before it is repeated. */
  | { readonly kind: 'uncertain'; readonly detail: string }
  /** The contact or the conversation that the link names does not exist any more; nothing was carried out. */
  | {
      readonly kind: 'gone';
      readonly what: 'contact' | 'conversation';
      readonly detail: string;
      /** The contact that replaced it, where the inbox names one: store it and try again. */
      readonly successor?: ContactLink | undefined;
      /** For a contact: its conversation continues without it. */
      readonly conversationStays?: true | undefined;
    };

export interface AppendedEntry {
  readonly entryId: string;
  readonly conversationId: string;
  /** What was done differently from what was asked: an unknown teammate was replaced by the default sender. */
  readonly remark: string | null;
}

export interface Teammate {
  readonly senderId: string;
  readonly name: string;
}

/** The account behind a credential. */
export interface InboxAccount {
  /** Names it for a person. */
  readonly account: string;
  /** As its calls name it; null if the provider does not say. */
  readonly accountId: string | null;
  /** The sender where a message names none. */
  readonly defaultSender: string | null;
}

/** A field of an inbox's configuration whose value does not fit the account; `detail` says what it must be. */
export interface UnfitSetting {
  /** Within another one after a slash. */
  readonly field: string;
  readonly detail: string;
}

/** Where in an account the conversations of a bot can go. */
export interface PortalInbox {
  readonly id: string;
  readonly name: string;
  readonly kind: 'inbox' | 'help_desk';
}

/** How a bot is connected, where there is a choice. */
export interface ConnectChoice {
  /** One of `InboxChoice.list`; absent for the workspace's own, or the only one. */
  readonly inboxId?: string | undefined;
  /** The connection was begun in the provider's settings, where the inbox was chosen: what the provider handed over. */
  readonly begun?: Readonly<Record<string, string>> | undefined;
}

/** A page of conversations in which something happened. */
export interface ChangedConversations {
  readonly conversationIds: readonly string[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * One connected inbox account. No method throws for what a provider or a network can do. The optional members are capabilities:
 * an inbox that cannot do something leaves the member out.
 */
export interface Inbox {
  /** Whether an entry that opens its conversation may carry files; otherwise they must follow in an entry of their own. */
  readonly opensWithFiles: boolean;
  /** The account behind the credential, and the sender to use where none is named. */
  describe(): Promise<InboxOutcome<InboxAccount>>;
  /** Who may appear as the sender. */
  listTeammates(): Promise<InboxOutcome<readonly Teammate[]>>;
  /** Makes the bot known to the inbox; the result is stored and handed back as `InboxChannel.ref`. May be repeated. */
  connectChannel(bot: InboxBot): Promise<InboxOutcome<InboxChannel['ref']>>;
  /** Finds or creates the contact. May be repeated: finds what an earlier try created. */
  ensureContact(request: ContactRequest): Promise<InboxOutcome<ContactLink>>;
  /** Appends the entry with its files, opening the conversation where the link has none. One try. */
  append(link: ConversationLink, entry: InboxEntry, request: ContactRequest): Promise<InboxOutcome<AppendedEntry>>;
  /** Looks whether an earlier, uncertain try of this entry arrived. */
  find(link: ConversationLink, entry: InboxEntry, request: ContactRequest): Promise<InboxOutcome<AppendedEntry | null>>;
  /** Writes an internal note behind an entry. May be repeated: finds the note of an earlier try. */
  addNote(note: InboxNote): Promise<InboxOutcome<true>>;
  /** The hash of an entry's words as this inbox stores them: tells the gateway's own entry from a teammate's reply. Pure. */
  textHashOf(body: EntryBody): string;
  /** A file that an agent attached, by its address in the inbox's event. */
  readonly fetchAttachment: FetchAttachment;
  /** Shows the agent in the inbox whether a reply was delivered. May be repeated. */
  reportDelivery(reply: ReplyRef, report: DeliveryReport, channel: InboxChannel): Promise<InboxOutcome<true>>;
  /** Conversations of the whole account in which something happened since, ours or not; may return some that did not change. */
  changedConversations(sinceMs: number, cursor: string | null): Promise<InboxOutcome<ChangedConversations>>;
  /** What an incomplete event left out: raw events as `InboxKind.decode` reads them, complete and in order. */
  complete(reply: IncompleteReply): Promise<InboxOutcome<readonly Buffer[]>>;
  /** What was said in a conversation since, in its order: each a raw event as `InboxKind.decode` reads them. */
  recentEvents(
    conversationId: string,
    sinceMs: number,
    channel: InboxChannel,
  ): Promise<InboxOutcome<readonly Buffer[]>>;

  /** Whether the account has what its configuration names. Asked once, before the configuration is stored. */
  checkSettings?(): Promise<InboxOutcome<readonly UnfitSetting[]>>;
  readonly inboxes?: InboxChoice | undefined;
  readonly contacts?: ContactUpdates | undefined;
  readonly arrangements?: ConversationArrangements | undefined;
}

/** Capability: the account has several places for the conversations of a bot. */
export interface InboxChoice {
  list(): Promise<InboxOutcome<readonly PortalInbox[]>>;
  /** Like `Inbox.connectChannel`, for a bot whose inbox was chosen. */
  connectChannel(bot: InboxBot, choice: ConnectChoice): Promise<InboxOutcome<InboxChannel['ref']>>;
}

/** Capability: contacts can be changed after their creation. */
export interface ContactUpdates {
  /** Offers a number that the customer shared; a field that is refused is `ok`. */
  offerPhone(contact: ContactLink, phone: string): Promise<InboxOutcome<true>>;
  /** Gives a contact its name where it still has the old one; refusals are `ok`. */
  rename(contact: ContactLink, names: { readonly from: string; readonly to: string }): Promise<InboxOutcome<true>>;
}

/** Capability: conversations can be tagged, assigned, marked as seen and ended by the workspace's rules. */
export interface ConversationArrangements {
  /** Whether the inbox can do what the rules ask for, and has the teammates and teams that they name. */
  check(rules: ConversationRules): Promise<InboxOutcome<readonly UnfitSetting[]>>;
  /** When the conversation was closed, on the inbox's clock; null if it is open. */
  closedAtMs(conversationId: string): Promise<InboxOutcome<number | null>>;
  /**
   * Does what the rules ask for; may be repeated. Resolves with what the inbox refused, in words for a person, and null for
   * nothing: a refusal is not tried again.
   */
  arrange(conversationId: string, arrangement: Arrangement): Promise<InboxOutcome<string | null>>;
}

/** An internal note behind an entry: the team sees it, the customer does not. */
export interface InboxNote extends ReplyRef {
  readonly text: string;
  /** Not before the entry. */
  readonly happenedAtMs: number;
}

/** Names a reply in the inbox. */
export interface ReplyRef {
  readonly conversationId: string;
  readonly entryId: string;
}

/** The delivery of an agent's reply. `reason` is a plain sentence for the agent, with what to do. */
export type DeliveryReport =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };
