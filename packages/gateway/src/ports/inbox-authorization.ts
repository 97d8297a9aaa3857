import type { ConnectInbox, InboxInput } from '@chatferry/contract';
import type { InboxOutcome } from './inbox.ts';

/** The app that a person installs in an account of the inbox, with what opens it. */
export type InboxApp = ConnectInbox & { readonly client_id: string; readonly client_secret: string };

/** What an install brought. */
export interface Granted {
  /** Opens the account from now on. */
  readonly input: InboxInput;
  /** What was asked for and not given; empty where the provider does not say. */
  readonly missingScopes: readonly string[];
}

/** The code was not redeemed, or came to nothing. */
export type RedeemOutcome =
  | Exclude<InboxOutcome<Granted>, { kind: 'rejected' | 'gone' }>
  /** `wrong-app`: the account granted another app than the one that was named. */
  | { readonly kind: 'rejected'; readonly why: 'refused' | 'wrong-app'; readonly detail: string };

/** How one kind of inbox lets people install an app: OAuth's authorisation code grant, as the provider has it. */
export interface InboxAuthorization {
  /** The permissions that are asked for, exactly; empty where they are chosen in the app. */
  readonly scopes: readonly string[];
  /** Where a person signs in and agrees. The browser comes back to `redirectUrl` with `state` and a code, or an error. */
  signInUrl(app: InboxApp, ask: { readonly state: string; readonly redirectUrl: string }): string;
  /** Trades the code, which works once. Never throws for what a provider or a network can do. */
  redeem(app: InboxApp, given: { readonly code: string; readonly redirectUrl: string }): Promise<RedeemOutcome>;
}
