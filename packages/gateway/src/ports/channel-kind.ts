import type { FailureReason, TelegramInteractiveMessage } from '@chatferry/contract';
import type { Amendment } from '../core/delivery/amendment.ts';
import type { MessageTrace } from '../core/delivery/evidence.ts';
import type { ChannelWords } from '../core/health/channel-words.ts';
import type { OutgoingReply } from '../core/inbox/prepare-reply.ts';
import type { OutboundContent } from '../core/message/content.ts';
import type { Chat, DecodedUpdate } from '../core/message/inbound.ts';
import type { EncodedEdit, OutgoingEdit, OutgoingMessage } from '../core/message/outgoing.ts';
import type { Bot, Channel, ChannelCredential, EncodedReply, ReplyChat, Wire } from './channel.ts';
import type { BoundSecret } from './secret.ts';

export type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type UpdateIdentity =
  /**
   * `chatId` is null for an update that belongs to no chat; `kindOfUpdate` is the provider's name for it. `isAwaited`: the
   * customer's app waits until it is answered.
   */
  | {
      readonly updateId: string;
      readonly chatId: string | null;
      readonly kindOfUpdate: string;
      readonly isAwaited: boolean;
    }
  /** Why it has no identity. `fingerprint` is the same for the same bytes. */
  | { readonly malformed: string; readonly fingerprint: string };

/** What differs between the kinds of channel and needs no connection. All functions are pure. */
export interface ChannelFacts extends ChannelWords {
  /** The name of the kind, as the store and the webhooks' addresses have it. */
  readonly kind: string;
  /** `content` is the message's text and buttons, for the store and the inbox. */
  encode(
    chatId: string,
    message: TelegramInteractiveMessage,
  ): { readonly wire: Wire; readonly content: OutboundContent };
  /** The same for a message of any kind that the API can send. */
  encodeMessage(message: OutgoingMessage): { readonly wire: Wire; readonly content: OutboundContent };
  /** An edit of a message that was sent, for `Channel.change`. */
  encodeEdit(edit: OutgoingEdit): EncodedEdit;
  /** The deletion of a message, for `Channel.change`, one call after the other: an album has several ids. */
  encodeDeletion(chatId: string, channelMessageIds: readonly string[]): readonly Wire[];
  /**
   * An agent's reply as one or more messages, in order: split where it is too long, formatting kept where the provider supports it,
   * a message for each file, the agent's buttons and quick replies under the last one. Never refuses.
   */
  encodeReply(chat: ReplyChat, reply: OutgoingReply): readonly EncodedReply[];
  /** The same message for another chat: groups can get another id. */
  readdress(wire: Wire, chatId: string): Wire;
  /** The same message without what the provider refused, or with that part done otherwise. */
  amend(wire: Wire, amendment: Amendment): Wire;
  /** The file of a message, as the inbox named it. Null if it has none. */
  attachmentOf(wire: Wire): { readonly url: string; readonly name: string | null } | null;
  /** Never throws, whatever the bytes. */
  decode(raw: Buffer, bot: Bot): DecodedUpdate;
  /** How the buttons of a message change when one is tapped; null if nothing changes. Never throws, whatever the bytes. */
  buttonsAfterTap(raw: Buffer, change: 'mark' | 'remove'): Wire | null;
  /** The bot's message that an update shows: the tapped or the quoted one. Never throws, whatever the bytes. */
  traceOf(raw: Buffer, bot: Bot): MessageTrace | null;
  /** The fingerprint of a message that we sent, as a trace of it shows it; null if it has no text. */
  fingerprintOf(wire: Wire): string | null;
  /** Identity and ordering of a raw update. Never throws, whatever the bytes. */
  identify(raw: Buffer): UpdateIdentity;
  /** Whether a webhook call carries the channel's secret; constant time. */
  verify(headers: RawHeaders, secret: BoundSecret): boolean;
  isGroup(chatId: string): boolean;
  /** A chat whose id is the only known fact. */
  unknownChat(chatId: string): Omit<Chat, 'topicId'>;
  /** Why a message did not reach the customer, in plain words for the agent: the rest of a sentence. */
  explainFailure(failure: ExplainedFailure): string;
}

/** A kind of channel that can be connected to. */
export interface ChannelKind extends ChannelFacts {
  open(credential: ChannelCredential): Channel;
}

/** A failure as it is stored with its message. */
export interface ExplainedFailure {
  readonly name: string;
  readonly reason: string;
  /** Absent in what earlier versions stored. */
  readonly why?: FailureReason | undefined;
  /** The provider's code; absent if the provider was not asked. */
  readonly providerCode?: number | undefined;
}
