import type { FormattedText, SendMessage, SentMediaKind } from '@chatferry/contract';

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
}
