import type { TelegramInteractiveMessage } from '@chatferry/contract';
import type { MessageTrace } from '../core/delivery/evidence.ts';
import type { SendOutcome } from '../core/delivery/outcome.ts';
import type { OutgoingReply } from '../core/inbox/prepare-reply.ts';
import type { OutboundContent } from '../core/message/content.ts';
import type { DecodedUpdate } from '../core/message/inbound.ts';
import type { FetchAttachment } from './attachment.ts';
import type { Secret } from './secret.ts';

/** The bot as Telegram describes it. */
export interface Bot {
  readonly botId: string;
  readonly username: string;
  readonly name: string;
  readonly supportsInlineQueries: boolean;
}

/** Where a reply goes. */
export interface ReplyChat {
  readonly chatId: string;
  readonly topicId: string | null;
}

/** What the customer sees the bot do. */
export type Activity = 'typing' | 'photo' | 'video' | 'voice' | 'document';

/** One message of an agent's reply. */
export interface EncodedReply {
  readonly wire: Wire;
  readonly content: OutboundContent;
  /** What to show while its file is fetched and uploaded; null where it has none. */
  readonly activity: Activity | null;
}

/** A message in the provider's own form; opaque outside the adapter, stored as JSON. */
export type Wire = Readonly<Record<string, unknown>>;

/** What a call other than a send came to. Such calls may be repeated. */
export type CallOutcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** The provider said no; `broken` when the credential itself is refused. */
  | { readonly kind: 'refused'; readonly broken: boolean; readonly providerCode: number; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number | null; readonly detail: string };

export interface DownloadLimits {
  /** A larger file is not read to its end. */
  readonly maxBytes: number;
  readonly limitMs: number;
}

/** What a download came to: `too-large` for us or for the provider, whichever says so first. */
export type DownloadOutcome =
  | CallOutcome<{ readonly content: Buffer }>
  | { readonly kind: 'too-large'; readonly maxBytes: number };

export interface WebhookStatus {
  readonly url: string;
  readonly pendingUpdates: number;
  readonly lastErrorAtMs: number | null;
  readonly lastError: string | null;
}

/** Where a channel's updates come from next: `updates` are raw, `nextOffset` confirms them once they are durable. */
export interface PolledUpdates {
  readonly updates: readonly { readonly updateId: string; readonly raw: Buffer }[];
  readonly nextOffset: string | null;
}

export interface ChannelCredential {
  readonly token: Secret;
  /** Base address of the Bot API server, without a trailing slash. */
  readonly apiRoot: string;
  /** Base address for file downloads, without a trailing slash. */
  readonly fileRoot: string;
}

/** One connected bot. */
export interface Channel {
  /**
   * One try, never repeated inside. Never throws for what a provider or a network can do. A wire with a file needs
   * `fetchAttachment`; what fails before the file is uploaded is proof that nothing was sent.
   */
  send(wire: Wire, limitMs: number, fetchAttachment?: FetchAttachment): Promise<SendOutcome>;
  /** Shows the customer that something is on its way. Telegram: for five seconds, or until the next message. */
  showActivity(chat: ReplyChat, activity: Activity): Promise<CallOutcome<true>>;
  describe(): Promise<CallOutcome<Bot>>;
  /** Ends the spinner on a tapped button and shows `toast` for a moment. Telegram: late answers fail with 400, which is no harm. */
  answerTap(tapId: string, toast: string | null): Promise<CallOutcome<true>>;
  /** Carries out what `ChannelKind.buttonsAfterTap` decided. */
  editButtons(edit: Wire): Promise<CallOutcome<true>>;
  /** Offers the query itself as the one result, so that the customer can pick it. */
  answerInlineQuery(queryId: string, query: string, label: string | null): Promise<CallOutcome<true>>;
  /** A file that a customer sent. Its address never leaves the adapter: it contains the credential. */
  download(fileId: string, limits: DownloadLimits): Promise<DownloadOutcome>;
  registerWebhook(url: string, secret: Secret): Promise<CallOutcome<true>>;
  removeWebhook(): Promise<CallOutcome<true>>;
  webhookStatus(): Promise<CallOutcome<WebhookStatus>>;
  /** Long-polls; resolves empty when `signal` is aborted. */
  poll(offset: string | null, signal: AbortSignal): Promise<CallOutcome<PolledUpdates>>;
}

export type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type UpdateIdentity =
  /**
   * `chatId` is null for what belongs to no chat; `kindOfUpdate` is Telegram's name for it. `isAwaited`: the customer's app
   * waits until it is answered.
   */
  | {
      readonly updateId: string;
      readonly chatId: string | null;
      readonly kindOfUpdate: string;
      readonly isAwaited: boolean;
    }
  /** Why it has no identity; `fingerprint` is the same for the same bytes. */
  | { readonly malformed: string; readonly fingerprint: string };

/** A kind of channel: everything about it that needs no connection is pure. */
export interface ChannelKind {
  readonly kind: 'telegram';
  /** `content` is what the message says and offers, for the store and the inbox. */
  encode(
    chatId: string,
    message: TelegramInteractiveMessage,
  ): { readonly wire: Wire; readonly content: OutboundContent };
  /**
   * An agent's reply as one or more messages, in order: split where it is too long, formatting kept where Telegram has it,
   * a message for each file, the agent's buttons and quick replies under the last one. Never refuses.
   */
  encodeReply(chat: ReplyChat, reply: OutgoingReply): readonly EncodedReply[];
  /** The same message for another chat: Telegram moves groups. */
  readdress(wire: Wire, chatId: string): Wire;
  /** The same message in bare words, for a provider that refused its formatting. */
  unformatted(wire: Wire): Wire;
  /** Never throws, whatever the bytes. */
  decode(raw: Buffer, bot: Bot): DecodedUpdate;
  /** How the buttons of a message change when one is tapped; null where nothing changes. Never throws, whatever the bytes. */
  buttonsAfterTap(raw: Buffer, change: 'mark' | 'remove'): Wire | null;
  /** The bot's message that an update shows: the tapped or the quoted one. Never throws, whatever the bytes. */
  traceOf(raw: Buffer, bot: Bot): MessageTrace | null;
  /** What a message is known by in a trace of it; null where it has nothing to be known by. */
  fingerprintOf(wire: Wire): string | null;
  /** Identity and ordering of a raw update. Never throws, whatever the bytes. */
  identify(raw: Buffer): UpdateIdentity;
  /** Whether a webhook call carries the channel's secret; constant time. */
  verify(headers: RawHeaders, secret: Secret): boolean;
  open(credential: ChannelCredential): Channel;
}
