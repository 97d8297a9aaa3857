import type { EditMessage, FormattedText, OnTap, SendMessage, SentMediaKind } from '@chatferry/contract';
import type { OutboundContent } from './content.ts';

/** Where the bytes of a file come from: the channel has them under this id, or the store has them. */
export type FileSource =
  | { readonly kind: 'channel'; readonly fileId: string }
  | { readonly kind: 'stored'; readonly storedId: string };

/** A file of a message of the API, ready to be sent. */
export interface OutgoingFile {
  readonly media: SentMediaKind;
  readonly source: FileSource;
  readonly name: string | null;
  /** As its server or its sender declared it. Not to be trusted. */
  readonly mediaType: string | null;
  readonly sizeBytes: number | null;
  /** SHA-256 of the bytes, if they were fetched from an address. */
  readonly digest?: string | undefined;
}

/** The message that a message answers. */
export interface AnsweredMessage {
  readonly messageId: number;
  /** The channel's id of it. */
  readonly channelMessageId: string;
  readonly text: string | null;
  /** The part of its text that is quoted. */
  readonly quote: string | undefined;
}

/** A valid message of the API with everything that it names: its text is read, its files are there, what it answers is found. */
export interface OutgoingMessage {
  readonly body: SendMessage;
  readonly words: FormattedText | null;
  readonly files: readonly OutgoingFile[];
  readonly answered: AnsweredMessage | null;
  /** Different for each message: at most 40 letters and digits, for the tokens of its buttons. */
  readonly nonce: string;
}

/** An edit of a message that was sent. */
export interface OutgoingEdit {
  readonly chatId: string;
  readonly channelMessageId: string;
  /** The message before the edit. */
  readonly content: OutboundContent;
  readonly wire: Readonly<Record<string, unknown>>;
  /** Whether a tap has removed the buttons. */
  readonly areButtonsGone: boolean;
  /** All ids of the message in the chat: an album has several. */
  readonly channelMessageIds: readonly string[];
  /** The new file, and which file of the message it replaces. Null: none does. */
  readonly replacement: { readonly file: OutgoingFile; readonly position: number } | null;
  /** The new words. Null: they do not change. */
  readonly words: FormattedText | null;
  /** The new buttons. Null: none any more. Undefined: they do not change. */
  readonly buttons: EditMessage['buttons'];
  readonly onTap: OnTap | undefined;
  readonly linkPreview: EditMessage['link_preview'];
  /** The same for the same edit: at most 40 letters and digits, for the tokens of the buttons. */
  readonly nonce: string;
}

export interface EncodedEdit {
  /** What is asked of the channel, in this order. */
  readonly changes: readonly Readonly<Record<string, unknown>>[];
  /** The message after the edit, as it would be sent. */
  readonly wire: Readonly<Record<string, unknown>>;
  readonly content: OutboundContent;
}
