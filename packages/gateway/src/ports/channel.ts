import type { ChangeOutcome } from '../core/delivery/change.ts';
import type { SendOutcome } from '../core/delivery/outcome.ts';
import type { WebhookStatus } from '../core/health/watch-webhook.ts';
import type { OutboundContent } from '../core/message/content.ts';
import type { DownloadLimits, FetchAttachment } from './attachment.ts';
import type { BoundSecret } from './secret.ts';

/** The bot as its provider describes it. */
export interface Bot {
  readonly botId: string;
  readonly username: string;
  readonly name: string;
  readonly supportsInlineQueries: boolean;
  /** The name that it had before, and until when customers' messages may have been written to that name. */
  readonly former?: { readonly username: string; readonly untilMs: number } | undefined;
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
  /** What to show while its file is fetched and uploaded; null if it has none. */
  readonly activity: Activity | null;
}

/** A message in the provider's own form; opaque outside the adapter, stored as JSON. */
export type Wire = Readonly<Record<string, unknown>>;

/** The outcome of a call that is not a send. Such calls may be repeated. */
export type CallOutcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** The provider refused; `broken` when it refused the credential itself. */
  | { readonly kind: 'refused'; readonly broken: boolean; readonly providerCode: number; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number | null; readonly detail: string };

/** The outcome of a download: `too-large` for the gateway or for the provider. */
export type DownloadOutcome =
  | CallOutcome<{ readonly content: Buffer }>
  | { readonly kind: 'too-large'; readonly maxBytes: number };

/** The result of a poll: `updates` are raw, `nextOffset` confirms them once they are durable. */
export interface PolledUpdates {
  readonly updates: readonly { readonly updateId: string; readonly raw: Buffer }[];
  readonly nextOffset: string | null;
}

export interface ChannelCredential {
  readonly token: BoundSecret;
  /** Base address of the Bot API server, without a trailing slash. */
  readonly apiRoot: string;
  /** Base address for file downloads, without a trailing slash. */
  readonly fileRoot: string;
}

/** What the customer sees after a tap: for a moment at the top of the chat, or in a window that they close. */
export interface TapNotice {
  readonly text: string;
  readonly isAlert: boolean;
}

/** One connected bot. */
export interface Channel {
  /**
   * One try, never repeated inside. Never throws for what a provider or a network can do. A wire with a file needs
   * `fetchAttachment`; what fails before the file is uploaded is proof that nothing was sent.
   */
  send(wire: Wire, limitMs: number, fetchAttachment?: FetchAttachment): Promise<SendOutcome>;
  /** Shows the customer that a message is coming. Telegram: for five seconds, or until the next message. */
  showActivity(chat: ReplyChat, activity: Activity): Promise<CallOutcome<true>>;
  describe(): Promise<CallOutcome<Bot>>;
  /** Ends the spinner on a tapped button and shows the notice. Telegram: late answers fail with 400, which does no harm. */
  answerTap(tapId: string, notice: TapNotice | null): Promise<CallOutcome<true>>;
  /** Applies what `ChannelKind.buttonsAfterTap` returned. */
  editButtons(edit: Wire): Promise<CallOutcome<true>>;
  /** One try to edit or delete a message, as `ChannelFacts.encodeEdit` and `encodeDeletion` made it. It may be repeated. */
  change(wire: Wire, limitMs: number, fetchAttachment?: FetchAttachment): Promise<ChangeOutcome>;
  /** Offers the query itself as the one result, so that the customer can pick it. */
  answerInlineQuery(queryId: string, query: string, label: string | null): Promise<CallOutcome<true>>;
  /** A file that a customer sent. Its address never leaves the adapter: it contains the credential. */
  download(fileId: string, limits: DownloadLimits): Promise<DownloadOutcome>;
  registerWebhook(url: string, secret: BoundSecret): Promise<CallOutcome<true>>;
  /** Whether the server for file downloads answers. It need not have a file. */
  reachFiles(): Promise<CallOutcome<true>>;
  removeWebhook(): Promise<CallOutcome<true>>;
  webhookStatus(): Promise<CallOutcome<WebhookStatus>>;
  /** Long-polls; resolves empty when `signal` is aborted. */
  poll(offset: string | null, signal: AbortSignal): Promise<CallOutcome<PolledUpdates>>;
}
