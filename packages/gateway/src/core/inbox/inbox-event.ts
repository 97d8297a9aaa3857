import type { RichText } from '../message/rich-text.ts';
import type { Omission } from './omission.ts';

/** A file that was attached in the inbox. The address is short-lived, and only `Inbox.fetchAttachment` can use it. */
export interface InboxAttachment {
  readonly url: string;
  readonly name: string | null;
  readonly mediaType: string | null;
}

/** A reply of an agent, or of a bot of the inbox, in a conversation. */
export interface AgentReply {
  readonly conversationId: string;
  /** The inbox's id of the reply: the same in every topic and every delivery. */
  readonly entryId: string;
  /** The `id` of a teammate is the one from the inbox's list of teammates. */
  readonly author: { readonly id: string; readonly name: string | null; readonly kind: 'teammate' | 'bot' };
  readonly body: RichText;
  readonly attachments: readonly InboxAttachment[];
  /** What the agent put into the reply and no customer can get. The agent is told. */
  readonly omitted?: readonly Omission[] | undefined;
  /** Set if the event has only the plain words. `Inbox.complete` fetches the reply with its formatting and images. */
  readonly isPlain?: true | undefined;
  /** Set if a teammate or a bot began the conversation. If it is not known, it may be one with a contact of a chat. */
  readonly opening?: { readonly entryId: string; readonly contactIds: readonly string[] } | undefined;
  /** Offered answers: the label is shown, the value is returned when it is chosen. */
  readonly quickReplies: readonly { readonly label: string; readonly value: string }[];
  readonly happenedAtMs: number;
  /** Whether the inbox itself says that the gateway wrote it. */
  readonly markedOurs: boolean;
  /** The hash of its words as the inbox stores them: equal to `Inbox.textHashOf` of an entry with the same words. */
  readonly textHash: string;
}

/** A reply whose event did not contain all of it. `Inbox.complete` fetches it. */
export interface IncompleteReply {
  readonly conversationId: string;
  /** Null if the event does not even contain the id. */
  readonly entryId: string | null;
  readonly happenedAtMs: number;
}

/** What one raw event of an inbox means. */
export type InboxEvent =
  | { readonly kind: 'reply'; readonly reply: AgentReply }
  | { readonly kind: 'incomplete'; readonly reply: IncompleteReply }
  /** `intoData` replaces the adapter's stored data of the old contact with that of the surviving one. */
  | {
      readonly kind: 'contact-merged';
      readonly fromContactId: string;
      readonly intoContactId: string;
      readonly intoData?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'conversation-gone'; readonly conversationId: string }
  | { readonly kind: 'ignored'; readonly reason: string };
