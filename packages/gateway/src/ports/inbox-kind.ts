import type { InboxInput, SendInteractive, Inbox as ShownInbox } from '@chatferry/contract';
import type { InboxEvent } from '../core/inbox/inbox-event.ts';
import type { BoundConnectInbox, BoundInbox } from './bound-inbox.ts';
import type { RawHeaders } from './channel-kind.ts';
import type { ConnectChoice } from './inbox.ts';

/** The name of a kind, as the contract and the store have it. */
export type InboxKindName = ShownInbox['kind'];

/** The kinds that an administrator can connect. The others belong to test mode. */
export type ConnectableKind = InboxInput['kind'];

/** The fields of a send that can name the sender in the inbox: one for each kind. */
export type SenderField = Exclude<
  Extract<keyof SendInteractive, `${string}_teammate_id` | `${string}_user_id`>,
  'destination_user_id'
>;

/** Identity and ordering of a raw event of an inbox. */
export type InboxEventIdentity =
  /** `conversationId` is null for an event that belongs to no conversation. */
  | { readonly eventId: string; readonly conversationId: string | null; readonly kindOfEvent: string }
  | { readonly malformed: string; readonly fingerprint: string };

/** A webhook call of an inbox, as it was received. `url` is the public one. */
export interface InboxCall {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly rawBody: Buffer;
}

/** The settings that decide where an inbox is called. */
export interface AddressSettings {
  /** Replaces the address in the gateway's settings, and the vendor's. */
  readonly base_url?: unknown;
}

/** What differs between the kinds of inbox and needs no connection. All functions are pure. */
export interface InboxKind<K extends InboxKindName = InboxKindName> {
  readonly kind: K;
  /** The product's name. */
  readonly displayName: string;
  /** The field of a send that names the sender; null if no sender can be named. */
  readonly senderField: SenderField | null;
  /** The topics that a person must subscribe the webhook's address to; empty if the adapter does so itself. */
  readonly webhookTopics: readonly string[];
  /** Where that person enters them; empty if no person has to. */
  readonly webhookSettingsPage: string;
  /** From which page to copy a credential, as sentences. */
  readonly credentialPage: string;
  /** Whether a call that is refused comes again for hours. Where it does not, the call must be stored in any case. */
  readonly repeatsCalls: boolean;
  /** What to do about scopes that an account did not grant to the app. */
  readonly missingScopesAdvice: string;
  /** Its workspaces belong to test mode: they have simulated chats, keys of their own, and nothing that calls the gateway. */
  readonly isTestMode?: true | undefined;
  /** Connecting a bot can begin in the provider's own settings; absent if it cannot. */
  readonly setup?: InboxSetup | undefined;

  /**
   * Whether a webhook call with this head can be genuine: it has a signature of the right form, and its time is not over. Proves
   * nothing; it spares reading a body that would be refused.
   */
  hasSignature(headers: RawHeaders, nowMs: number): boolean;
  /** Whether a webhook call is genuine, over the raw bytes, in constant time; false without a secret, and for the configuration of another kind. */
  verify(call: InboxCall, input: BoundInbox, nowMs: number): boolean;
  /**
   * The account that a call names, where one address serves several accounts; null if each account has its own. It proves
   * nothing before `verify`. Never throws, whatever the bytes.
   */
  accountOf(raw: Buffer): string | null;
  /** Never throws, whatever the bytes. A call may carry several events: the first names it. */
  identify(raw: Buffer): InboxEventIdentity;
  /** Never throws, whatever the bytes. `settings` are the workspace's own, by the contract's names; no secret is needed. */
  decode(raw: Buffer, settings: Readonly<Record<string, unknown>>): readonly InboxEvent[];

  /** Whether the app of these settings has one webhook address for all accounts that installed it. */
  sharesWebhookAddress(settings: Readonly<Record<string, unknown>>): boolean;
  /**
   * The origins that the secrets of an inbox with these settings are for: those of its own address, else of the gateway's settings,
   * else of the vendor. The first one vouches for the id of the account.
   */
  originsOf(settings: AddressSettings): readonly string[];
  /** The configuration without its secrets, as answers show it. */
  show(input: BoundInbox): ShownInbox;
  /** The app that a workspace was connected with, to install it again. */
  appOf(input: BoundInbox): BoundConnectInbox;
  /** Why a bot cannot be connected while the gateway has no public address; null if it can. */
  whyPublicAddressIsNeeded(input: BoundInbox, workspaceId: string): string | null;
  /** What to do when the account refuses its credential. `isByOauth`: the credential is from OAuth. */
  credentialRemedy(workspaceId: string, isByOauth: boolean): string;
  /** What to do when no events arrive. `url` is where they should be delivered. */
  eventsRemedy(about: { readonly url: string; readonly channelId: string }): string;
}

/**
 * The part of connecting a bot that begins in the provider's settings: the provider sends the administrator's browser to a page
 * of the gateway, which asks for the bot's token and sends the browser back.
 */
export interface InboxSetup {
  /** The fields of the query that the provider adds to the page's address. */
  readonly queryFields: readonly string[];
  /** What the provider calls an account. */
  readonly accountNoun: string;
  /** How an administrator comes to the page, as a sentence. */
  readonly howToBegin: string;
  /** Null unless the query is complete and well formed. */
  readQuery(query: Readonly<Record<string, string | undefined>>): SetupVisit | null;
  /** Whether the browser may be sent to this address: only to the provider. */
  isReturnUrl(url: URL): boolean;
}

/** A browser that the provider sent to the gateway. */
export interface SetupVisit {
  readonly account: string;
  /** Where the provider waits for the browser. */
  readonly returnUrl: string;
  readonly begun: NonNullable<ConnectChoice['begun']>;
}
