import type { InboundContent } from './content.ts';

/** A Telegram chat as the bot knows it. `chatId` is Telegram's id in decimal digits. */
export interface Chat {
  readonly chatId: string;
  readonly kind: 'private' | 'group' | 'channel';
  /** The person's name in a private chat, else the title. */
  readonly title: string;
  readonly username: string | null;
  /** A forum topic or a topic of a private chat. Null if there is none. */
  readonly topicId: string | null;
  /** Set if the topic's name is known. */
  readonly topicTitle?: string | undefined;
}

export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly username: string | null;
  readonly languageCode: string | null;
}

/** One thing that a customer did, decoded from one update. */
export interface InboundEvent {
  readonly chat: Chat;
  readonly author: Person;
  /** Telegram's id of the message. Null for an event without a message (a tap, a block). */
  readonly channelMessageId: string | null;
  /** Null if Telegram does not say (a tap). Then the time of receipt is used. */
  readonly happenedAtMs: number | null;
  readonly editedAtMs: number | null;
  readonly content: InboundContent;
  /** The author of a forwarded message. */
  readonly forwardedFrom?: string | undefined;
  /**
   * The ids of the people, other than the author, whose words or data the message passes on: who wrote a forwarded message,
   * whose contact it shares, whom it names. An erasure of one of them erases the message too.
   */
  readonly concerns?: readonly string[] | undefined;
  /** The username of another bot that it was sent through. */
  readonly via?: string | undefined;
  /** The message that this one answers: a tapped or a quoted one. */
  readonly answers: Answered | null;
  /** Telegram's id of the album that it belongs to. */
  readonly albumId?: string | undefined;
}

export interface Answered {
  /** Null if it is in another chat. */
  readonly channelMessageId: string | null;
  /** The words that are answered. Empty if it has none, or if they are not known. */
  readonly excerpt: string;
  /** What is answered if it has no words: “photo”. Not set if that is not known. */
  readonly noun?: string | undefined;
  /** Its author, if it is in another chat. */
  readonly from?: string | undefined;
  /** The id of its author, so that an erasure of the author finds the excerpt. Absent if Telegram does not say it. */
  readonly authorId?: string | undefined;
}

/** What one raw update means. */
export type DecodedUpdate =
  /** `tapId` must be answered at once, before anything else: the customer's app shows a spinner until then. */
  | {
      readonly kind: 'event';
      readonly event: InboundEvent;
      readonly tapId: string | null;
      /** The same for all messages of one album. They arrive one by one, and the last one is not marked. */
      readonly albumId?: string | undefined;
    }
  /** Needs an answer within seconds and never becomes an entry in the inbox. */
  | {
      readonly kind: 'inline-query';
      readonly queryId: string;
      readonly query: string;
      /** Also the id of the person's private chat with the bot. */
      readonly userId: string;
      readonly privateChat: boolean;
    }
  | { readonly kind: 'chat-migrated'; readonly chatId: string; readonly newChatId: string }
  | {
      readonly kind: 'ignored';
      readonly reason: string;
      /** Must be answered nevertheless. */
      readonly tapId?: string | undefined;
    };
