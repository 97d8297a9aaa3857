import type { Span } from './rich-text.ts';

/** What a message says and offers, in our own words: adapters translate it, the inbox entry is written from it, the store keeps it. */

/** What happens when the customer uses a button or a key. */
export type ControlAction =
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'suggest'; readonly query: string }
  | { readonly kind: 'suggest-elsewhere'; readonly query: string }
  | { readonly kind: 'callback'; readonly data: string }
  /** An answer that the inbox offers: `data` is what the tap brings, `value` what the inbox calls the answer. */
  | { readonly kind: 'quick-reply'; readonly value: string; readonly data: string }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'say' }
  | { readonly kind: 'share-contact' }
  | { readonly kind: 'share-location' }
  | { readonly kind: 'share-users' }
  | { readonly kind: 'share-chat' }
  | { readonly kind: 'create-poll' };

export interface Control {
  readonly label: string;
  readonly action: ControlAction;
}

export type Controls =
  | { readonly kind: 'none' }
  | { readonly kind: 'buttons'; readonly rows: readonly (readonly Control[])[] }
  | {
      readonly kind: 'keyboard';
      readonly rows: readonly (readonly Control[])[];
      readonly placeholder?: string | undefined;
    }
  | { readonly kind: 'keyboard-removed' }
  | { readonly kind: 'reply-requested'; readonly placeholder?: string | undefined };

/** What the gateway answers by itself. */
export type AutomaticKind = 'welcome' | 'out-of-office' | 'large-file';

export interface OutboundContent {
  readonly text: string;
  readonly controls: Controls;
  /** The file that carries it, where there is one; the text stands under it. */
  readonly file?: { readonly name: string | null } | undefined;
  /** The topic in which it stands, where the chat has topics. */
  readonly topicId?: string | undefined;
  /** Nobody wrote it: the gateway answered by itself. */
  readonly automatic?: AutomaticKind | undefined;
}

export type MediaKind = 'photo' | 'document' | 'voice' | 'audio' | 'video' | 'video-note' | 'animation' | 'sticker';

/** A file that a customer sent, as the channel names it. It is fetched when it is written into the inbox. */
export interface SharedFile {
  readonly media: MediaKind;
  /** The channel's own id, good for `Channel.download`. */
  readonly fileId: string;
  /** The same for the same file over time, where the channel says so. */
  readonly fileUniqueId: string | null;
  readonly name: string | null;
  /** As the sender's app declared it: not to be trusted. */
  readonly mediaType: string | null;
  readonly sizeBytes: number | null;
  /** What the customer wrote under it; a sticker's emoji. */
  readonly caption: string | null;
  /** The formatting of the caption. */
  readonly captionSpans?: readonly Span[] | undefined;
}

/** Where somebody is who shares it while they move. The channel says only that it is so, `core/edits` what an edit means. */
export type LiveLocation =
  | { readonly phase: 'started'; readonly seconds: number }
  | { readonly phase: 'moved' }
  | { readonly phase: 'ended' };

/** What a customer did or said. */
export type InboundContent =
  | { readonly kind: 'text'; readonly text: string; readonly spans?: readonly Span[] | undefined }
  /** The customer chose a suggested reply: the query of a `suggest` control, the bot's name removed. */
  | { readonly kind: 'suggested-reply'; readonly query: string }
  | { readonly kind: 'tap'; readonly label: string | null; readonly data: string }
  | {
      readonly kind: 'contact';
      readonly name: string;
      readonly phone: string;
      /** The customer's own number, which Telegram vouches for. */
      readonly own: boolean;
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
  /** Files that the customer sent as one, in their order, and the messages that brought them. */
  | {
      readonly kind: 'album';
      readonly files: readonly SharedFile[];
      readonly channelMessageIds?: readonly string[] | undefined;
    }
  /** Something that reads well as text, which may be empty: `mark` says what it was (“threw a dice”). */
  | { readonly kind: 'described'; readonly text: string; readonly mark: string }
  | { readonly kind: 'started'; readonly payload: string | null }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unblocked' }
  /** Of a group: the bot is no longer in it, or is in it again. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'added' }
  /** Something that we do not understand yet: shown as such, never dropped. */
  | { readonly kind: 'unsupported'; readonly what: string; readonly caption?: string | undefined };
