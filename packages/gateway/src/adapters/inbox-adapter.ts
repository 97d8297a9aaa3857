import type { BoundInbox } from '../ports/bound-inbox.ts';
import type { Clock } from '../ports/clock.ts';
import type { Grant } from '../ports/grant.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { InboxAuthorization } from '../ports/inbox-authorization.ts';
import type { ConnectableKind, InboxKind } from '../ports/inbox-kind.ts';
import type { InboxSettings } from '../ports/inbox-settings.ts';
import type { GuardedFetch } from './http/guarded-fetch.ts';
import type { Transport } from './http/transport.ts';

export interface InboxOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly guardedFetch: GuardedFetch;
  readonly clock: Clock;
  /** The API for a configuration that names none; null for the provider's own. */
  readonly baseUrl: string | null;
  /** Where this inbox delivers its events; null if it cannot reach the gateway. */
  readonly webhookUrl: string | null;
  /** The workspace's sender for entries that name none: internal notes, and messages without a teammate. */
  readonly defaultSender: string | null;
  /** The page for people who connect a bot from the account's own settings; null if they cannot reach the gateway. */
  readonly setupUrl: string | null;
  /** The account's grant, shared by all replicas; absent for an account that is not stored, whose grant is not shared. */
  readonly grant?: Grant | undefined;
  /** Called after each call that the provider answered, but not for an error of its server. */
  readonly onAnswer?: (() => void) | undefined;
  /** For an account that is not stored: the provider replaced the credential, and this is the configuration with the new one. */
  readonly onRenewed?: ((input: BoundInbox) => void) | undefined;
}

export interface AuthorizationOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** Replaces the provider's sign-in page; null for the provider's own. */
  readonly appUrl: string | null;
  /** The API for apps that name none; null for the provider's own. */
  readonly apiUrl: string | null;
}

/** What is known of a kind without the gateway's settings. */
export type InboxKindFacts = Omit<InboxKind, 'originsOf' | 'kind'> & { readonly kind: ConnectableKind };

/** Everything about one kind of inbox, as the registry lists it. */
export interface InboxAdapter {
  readonly kind: InboxKindFacts;
  /**
   * The addresses at which an inbox of this kind may be called: those of `baseUrl`, or of the vendor without one.
   */
  addressesOf(baseUrl: string | null): readonly string[];
  readonly settings: InboxSettings;
  /** Opens an inbox of this kind from its configuration as the contract validated it. Throws for another kind. */
  open(input: BoundInbox, options: InboxOptions): Inbox;
  /** How people install an app in an account of this kind. */
  authorization(options: AuthorizationOptions): InboxAuthorization;
}
