import type { BoundConnectInbox, BoundInbox } from './bound-inbox.ts';
import type { InboxOutcome } from './inbox.ts';
import type { BoundSecret } from './secret.ts';

/** The app that a person installs in an account of the inbox, with its secret. */
export type InboxApp = BoundConnectInbox & { readonly client_id: string; readonly client_secret: BoundSecret };

/** The result of an install. */
export interface Granted {
  /** The configuration that opens the account from now on. */
  readonly input: BoundInbox;
  /** The scopes that were asked for and not granted; empty if the provider does not list them. */
  readonly missingScopes: readonly string[];
}

/** The outcome of redeeming a code. */
export type RedeemOutcome =
  | Exclude<InboxOutcome<Granted>, { kind: 'rejected' | 'gone' }>
  /** `wrong-app`: the account granted another app than the one that was named. */
  | { readonly kind: 'rejected'; readonly why: 'refused' | 'wrong-app'; readonly detail: string };

/** How people install an app in one kind of inbox: OAuth's authorisation code grant, as the provider implements it. */
export interface InboxAuthorization {
  /** The scopes that are asked for; empty if they are chosen in the app's settings. */
  readonly scopes: readonly string[];
  /** Where a person signs in and agrees. The browser comes back to `redirectUrl` with `state` and a code, or an error. */
  signInUrl(app: InboxApp, ask: { readonly state: string; readonly redirectUrl: string }): string;
  /** Exchanges the code, which works once. Never throws for what a provider or a network can do. */
  redeem(app: InboxApp, given: { readonly code: string; readonly redirectUrl: string }): Promise<RedeemOutcome>;
}
