import type { InboundContent } from './content.ts';

/** A Telegram chat as the bot knows it. `chatId` is Telegram's id in decimal digits. */
export interface Chat {
  readonly chatId: string;
  readonly kind: 'private' | 'group' | 'channel';
  /** The person's name in a private chat, the title elsewhere. */
  readonly title: string;
  readonly username: string | null;
  /** A forum topic or a private chat's topic; null where there is none. */
  readonly topicId: string | null;
  /** Where the topic's name is known. */
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
  /** Telegram's id of the message that carries it; null for what is no message (a tap, a block). */
  readonly channelMessageId: string | null;
  /** Null where Telegram does not say (a tap): the time of receipt stands in. */
  readonly happenedAtMs: number | null;
  readonly editedAtMs: number | null;
  readonly content: InboundContent;
  /** Whose words the customer passed on, where they are not the customer's own. */
  readonly forwardedFrom?: string | undefined;
  /** The bot of somebody else through which it was sent, by its username. */
  readonly via?: string | undefined;
  /** The message that this one answers: a tapped message or a quoted one. */
  readonly answers: Answered | null;
}

export interface Answered {
  /** Null where it is in another chat. */
  readonly channelMessageId: string | null;
  /** The words that are answered, or in brackets what it was; empty where nothing is known of it. */
  readonly excerpt: string;
  /** Whose it is, where it is in another chat. */
  readonly from?: string | undefined;
}

/** What one raw update is to us. */
export type DecodedUpdate =
  /** `tapId` is to be answered at once, before anything else: the customer's app shows a spinner until then. */
  | {
      readonly kind: 'event';
      readonly event: InboundEvent;
      readonly tapId: string | null;
      /** The same for all messages of one album, which come one by one and without an end. */
      readonly albumId?: string | undefined;
    }
  /** Asks for an answer within seconds and never becomes an entry in the inbox. */
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
      /** To be answered all the same. */
      readonly tapId?: string | undefined;
    };
