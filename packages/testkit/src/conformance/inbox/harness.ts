import type { Inbox } from '@chatferry/gateway/internal/ports/inbox';

/** One line of a conversation as the team sees it. */
export interface SeenEntry {
  readonly entryId: string;
  readonly author: 'customer' | 'teammate' | 'note';
  /** The teammate's id; null for others, and where the inbox shows none. */
  readonly senderId: string | null;
  readonly text: string;
}

/** A file of an entry, as the inbox serves it. */
export interface SeenFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** What the next call of this kind meets: `…-after` means that the provider carried it out anyway. */
export interface Mishap {
  readonly on: 'opening' | 'joining' | 'contact-creation';
  readonly author: 'customer' | 'teammate' | 'note';
  readonly effect: 'reset-before' | 'reset-after' | 'truncate-after' | 'server-error-after' | 'rate-limited';
}

/** An adapter against its provider's simulator, over real HTTP, with an account of its own. */
export interface InboxHarness {
  readonly inbox: Inbox;
  /** The same account under a credential that the provider refuses. */
  readonly intruder: Inbox;
  /** Two people of the account, in the order in which the inbox names them. */
  readonly senderIds: readonly [string, string];
  nowMs(): number;
  /** Moves the inbox's clock and ours forward. */
  passTime(byMs: number): void;
  happen(mishap: Mishap): void;
  /** In the order in which the team reads them. */
  read(conversationId: string): readonly SeenEntry[] | Promise<readonly SeenEntry[]>;
  /** The files of each entry, in the order of `read`. */
  readFiles(conversationId: string): Promise<readonly (readonly SeenFile[])[]>;
  /** Lets the inbox say no to files, once. */
  refuseFiles(): void;
  conversationCount(): number | Promise<number>;
  contactCount(): number | Promise<number>;
  removeConversation(conversationId: string): void | Promise<void>;
  close(): Promise<void>;
}
