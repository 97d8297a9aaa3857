import {
  type ConnectInbox,
  type InboxInput,
  type InboxSecretName,
  inboxSecretNames,
  type testInboxKind,
} from '@chatferry/contract';
import { BoundSecret } from './secret.ts';

/** A configuration whose secrets are bound to the origins that they were given for. */
type Bound<I> = I extends unknown
  ? { [K in keyof I]: K extends InboxSecretName ? BoundSecret | Extract<I[K], undefined> : I[K] }
  : never;

/** The configuration of an inbox. Nothing but the contract's requests has its secrets in another form. */
export type BoundInbox = Bound<InboxInput> | NoAccount;

/** The configuration of a workspace of test mode. It has none of the fields that every other kind may have. */
type NoAccount = {
  readonly kind: typeof testInboxKind;
  readonly base_url?: string | undefined;
  readonly client_secret?: BoundSecret | undefined;
};

/** The app that is installed in an account of an inbox, and the settings of the inbox. */
export type BoundConnectInbox = Bound<ConnectInbox>;

/** Binds the secrets of a request to the addresses that the request is about. */
export function bindSecrets(input: InboxInput, addresses: readonly string[]): BoundInbox;
export function bindSecrets(input: ConnectInbox, addresses: readonly string[]): BoundConnectInbox;
export function bindSecrets(input: object, addresses: readonly string[]): object {
  const names: readonly string[] = inboxSecretNames;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      names.includes(name) && typeof value === 'string' ? new BoundSecret(value, addresses) : value,
    ]),
  );
}
