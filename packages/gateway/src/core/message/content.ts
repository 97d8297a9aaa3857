import type { OnTap } from '@chatferry/contract';
import type { ContactCard } from './contact-card.ts';
import type { MarkText } from './mark-text.ts';
import type { ReceivedSpan } from './rich-text.ts';

/** The content of messages in the gateway's own terms. Adapters translate it, inbox entries are made from it, the store stores it. */

/** What happens when the customer uses a button or a key. */
export type ControlAction =
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'suggest'; readonly query: string }
  | { readonly kind: 'suggest-elsewhere'; readonly query: string }
  /**
   * `data` goes to the provider and arrives with the tap. `value` is what the sender gave, if it is another one: it stays
   * here. `onTap` replaces that of the message.
   */
  | {
      readonly kind: 'callback';
      readonly data: string;
      readonly value?: unknown;
      readonly onTap?: OnTap | undefined;
    }
  /** An answer that the inbox offers. `data` arrives with the tap, `value` is the inbox's name of the answer. */
  | { readonly kind: 'quick-reply'; readonly value: string; readonly data: string }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'say' }
  | { readonly kind: 'share-contact' }
  | { readonly kind: 'share-location' }
  | { readonly kind: 'share-users' }
  | { readonly kind: 'share-chat' }
  | { readonly kind: 'create-poll' }
  | { readonly kind: 'create-bot' }
  /** The button is shown and cannot be used. */
  | { readonly kind: 'nothing' };

export interface Control {
  readonly label: string;
  readonly action: ControlAction;
}

export type Controls =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'buttons';
      readonly rows: readonly (readonly Control[])[];
      /** Whether the app also starts a reply to the message. */
      readonly asksForReply?: true;
    }
  | {
      readonly kind: 'keyboard';
      readonly rows: readonly (readonly Control[])[];
      readonly placeholder?: string | undefined;
      readonly asksForReply?: true;
    }
  | { readonly kind: 'keyboard-removed' }
  | { readonly kind: 'reply-requested'; readonly placeholder?: string | undefined };

/** The answers that the gateway sends by itself. */
export type AutomaticKind = 'welcome' | 'out-of-office' | 'large-file';

/** One edit of a message, with what it changed. */
export interface MadeEdit {
  /** ISO 8601. */
  readonly at: string;
  /** The new words. Null if they did not change. */
  readonly text: string | null;
  /** The new buttons. Absent if they did not change. */
  readonly controls?: Controls | undefined;
  /** The new files. Absent if they did not change. */
  readonly files?: readonly SentFile[] | undefined;
  /** What it replaced. */
  readonly before: Pick<OutboundContent, 'text' | 'controls' | 'spans' | 'files' | 'file'>;
}

/** What a message shows beside words and files. */
export type SharedByUs =
  | { readonly kind: 'location'; readonly latitude: number; readonly longitude: number }
  | {
      readonly kind: 'venue';
      readonly latitude: number;
      readonly longitude: number;
      readonly title: string;
      readonly address: string;
    }
  | {
      readonly kind: 'contact';
      readonly phone: string;
      readonly firstName: string;
      readonly lastName: string | null;
    }
  | {
      readonly kind: 'poll';
      readonly question: string;
      readonly options: readonly string[];
      readonly correctOption: number | null;
    };

/** A file of a message of the API. */
export interface SentFile {
  readonly media: Exclude<MediaKind, 'video-note'>;
  readonly name: string | null;
  /** Not to be trusted. */
  readonly mediaType: string | null;
  readonly sizeBytes: number | null;
  /** The id under which the store has its bytes, for a day. Null if only the channel has them. */
  readonly storedId: string | null;
  /** The channel's own id, if the file was sent by it. Absent in what earlier versions stored. */
  readonly channelFileId?: string | undefined;
  /** SHA-256 of the bytes, if they were fetched from an address: the same address may have other bytes later. */
  readonly digest?: string | undefined;
}

export interface OutboundContent {
  readonly text: string;
  readonly controls: Controls;
  /** The formatting of the text. */
  readonly spans?: readonly ReceivedSpan[] | undefined;
  readonly shared?: SharedByUs | undefined;
  /** The files of a message of the API; several are an album. The text is their caption. */
  readonly files?: readonly SentFile[] | undefined;
  /** The message that it answers. */
  readonly answers?:
    | { readonly messageId: number; readonly channelMessageId: string; readonly text: string | null }
    | undefined;
  /** The file of the message, if there is one. The text is its caption. */
  readonly file?: { readonly name: string | null } | undefined;
  /** The topic that it was sent to, if the chat has topics. */
  readonly topicId?: string | undefined;
  /** What a tap of a button does. Absent: what the settings of the channel say. */
  readonly onTap?: OnTap | undefined;
  /** The edits that were made, the oldest first. */
  readonly edits?: readonly MadeEdit[] | undefined;
  /** Set for an answer that the gateway sent by itself. */
  readonly automatic?: AutomaticKind | undefined;
}

export type MediaKind = 'photo' | 'document' | 'voice' | 'audio' | 'video' | 'video-note' | 'animation' | 'sticker';

/** A file that a customer sent, by the channel's id. It is fetched when it is written into the inbox. */
export interface SharedFile {
  readonly media: MediaKind;
  /** The channel's own id, for `Channel.download`. */
  readonly fileId: string;
  /** An id that stays the same over time, if the channel has one. */
  readonly fileUniqueId: string | null;
  readonly name: string | null;
  /** As declared by the sender's app. Not to be trusted. */
  readonly mediaType: string | null;
  readonly sizeBytes: number | null;
  /** The caption, or the emoji of a sticker. */
  readonly caption: string | null;
  /** The formatting of the caption. */
  readonly captionSpans?: readonly ReceivedSpan[] | undefined;
}

/** A location that is updated while the customer moves. What an edit of it means is decided in `core/inbox/edits`. */
export type LiveLocation =
  | { readonly phase: 'started'; readonly seconds: number }
  | { readonly phase: 'moved' }
  | { readonly phase: 'ended' };

/** One part of a message that has several, in the order in which the customer sees them. */
export type MessagePart =
  | { readonly kind: 'words'; readonly text: string; readonly spans?: readonly ReceivedSpan[] | undefined }
  | { readonly kind: 'file'; readonly file: SharedFile }
  | { readonly kind: 'place'; readonly latitude: number; readonly longitude: number }
  /** What the gateway says about a part that it cannot show. */
  | { readonly kind: 'remark'; readonly mark: MarkText };

/** What a customer did or said. */
export type InboundContent =
  | { readonly kind: 'text'; readonly text: string; readonly spans?: readonly ReceivedSpan[] | undefined }
  /** The customer chose a suggested reply: the query of a `suggest` control, without the bot's name. */
  | { readonly kind: 'suggested-reply'; readonly query: string }
  /**
   * `data` as the provider gave it. `value` is what the sender of the button gave: null if it is not known, absent in what
   * earlier versions stored. `messageId` is the gateway's number of the tapped message.
   */
  | {
      readonly kind: 'tap';
      readonly label: string | null;
      readonly data: string;
      readonly value?: unknown;
      readonly messageId?: number | undefined;
    }
  | {
      readonly kind: 'contact';
      readonly name: string;
      readonly phone: string;
      /** Whether it is the customer's own number, as Telegram confirms. */
      readonly own: boolean;
      /** The two names apart. Absent in what earlier versions stored. */
      readonly firstName?: string | null | undefined;
      readonly lastName?: string | null | undefined;
      /** What its card says beside name and number. */
      readonly card?: ContactCard | undefined;
    }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string | undefined;
      readonly address?: string | undefined;
      readonly live?: LiveLocation | undefined;
    }
  | ({ readonly kind: 'file' } & SharedFile)
  /** Files that the customer sent as one album, in order, and the messages that contained them. */
  | {
      readonly kind: 'album';
      readonly files: readonly SharedFile[];
      readonly channelMessageIds?: readonly string[] | undefined;
      /** How many files of the same album came in entries before this one. Absent if there are none. */
      readonly filesBefore?: number | undefined;
    }
  /** The words under a file, which were changed or taken away. The inbox has the file already. */
  | { readonly kind: 'caption'; readonly file: SharedFile }
  | { readonly kind: 'composed'; readonly parts: readonly MessagePart[] }
  /** Something that is shown as text, which may be empty. `mark` says what it was (“threw a dice”). */
  | { readonly kind: 'described'; readonly text: string; readonly mark: MarkText }
  | { readonly kind: 'started'; readonly payload: string | null }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unblocked' }
  /** The bot was removed from a group, or added to it again. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'added' }
  /** Something that the gateway does not support yet. It is shown as such, never dropped. */
  | { readonly kind: 'unsupported'; readonly what: string; readonly caption?: string | undefined };
