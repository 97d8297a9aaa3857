import type { RichText } from '../message/rich-text.ts';

/** A file that somebody attached in the inbox. The address is short-lived, and only `Inbox.fetchAttachment` knows what to do with it. */
export interface InboxAttachment {
  readonly url: string;
  readonly name: string | null;
  readonly mediaType: string | null;
}

/** What an agent, or a bot of the inbox, answered in a conversation. */
export interface AgentReply {
  readonly conversationId: string;
  /** The inbox's id of it: the same under every topic and every delivery. */
  readonly entryId: string;
  /** Of a teammate, `id` is the one that the inbox's list of teammates has. */
  readonly author: { readonly id: string; readonly name: string | null; readonly kind: 'teammate' | 'bot' };
  readonly body: RichText;
  readonly attachments: readonly InboxAttachment[];
  /** Offered answers: the label is shown, the value is what comes back. */
  /** The event gives bare words, and the inbox has them with their formatting and their images: `Inbox.complete` fetches them. */
  readonly isPlain?: true | undefined;
  readonly quickReplies: readonly { readonly label: string; readonly value: string }[];
  readonly happenedAtMs: number;
  /** The inbox itself says that we wrote it. */
  readonly markedOurs: boolean;
  /** Of its words as the inbox keeps them: equal to `Inbox.textHashOf` of an entry that says the same. */
  readonly textHash: string;
}

/** A reply of which the inbox told too little: `Inbox.complete` fetches it. */
export interface IncompleteReply {
  readonly conversationId: string;
  /** Null where not even that was told. */
  readonly entryId: string | null;
  readonly happenedAtMs: number;
}

/** What one raw event of an inbox is to us. */
export type InboxEvent =
  | { readonly kind: 'reply'; readonly reply: AgentReply }
  | { readonly kind: 'incomplete'; readonly reply: IncompleteReply }
  /** `intoData` is what the adapter keeps of the surviving contact, in place of what it kept of the old one. */
  | {
      readonly kind: 'contact-merged';
      readonly fromContactId: string;
      readonly intoContactId: string;
      readonly intoData?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'conversation-gone'; readonly conversationId: string }
  | { readonly kind: 'ignored'; readonly reason: string };
