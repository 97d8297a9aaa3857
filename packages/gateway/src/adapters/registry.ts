import type { BoundInbox } from '../ports/bound-inbox.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { ConnectableKind, InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import { originOf } from '../ports/secret.ts';
import type { ChannelAdapter } from './channel-adapter.ts';
import { createGuardedFetch } from './http/guarded-fetch.ts';
import type { Transport } from './http/transport.ts';
import { hubspotAdapter } from './hubspot/adapter.ts';
import type { InboxAdapter, InboxOptions } from './inbox-adapter.ts';
import { intercomAdapter } from './intercom/adapter.ts';
import { telegramAdapter } from './telegram/adapter.ts';
import { openTestInbox } from './test/inbox.ts';
import { testKind } from './test/kind.ts';

/**
 * Outside their own folders, the only file of the gateway that names the kinds of inbox and of channel
 * (`scripts/architecture/kinds.ts` checks this). docs/adding-an-inbox.md explains how to add a kind of inbox.
 */
export const inboxAdapters: ByConnectableKind<InboxAdapter> = { intercom: intercomAdapter, hubspot: hubspotAdapter };

/** Every channel is of this kind. */
export const channelAdapter: ChannelAdapter = telegramAdapter;

export type ByInboxKind<T> = Readonly<Record<InboxKindName, T>>;

export type ByConnectableKind<T> = Readonly<Record<ConnectableKind, T>>;

/** Those that can be connected, and that of test mode. */
export type InboxKinds = ByConnectableKind<InboxKind<ConnectableKind>> & ByInboxKind<InboxKind>;

/** Those that have addresses: of webhooks, of the pages on which they are connected, and of their providers. */
export const connectableKinds = (kinds: InboxKinds): ByConnectableKind<InboxKind<ConnectableKind>> =>
  mapInboxKinds(({ kind }) => kinds[kind.kind]);

/** One value for each kind of inbox that can be connected. */
export function mapInboxKinds<T>(map: (adapter: InboxAdapter) => T): ByConnectableKind<T> {
  const entries = Object.entries(inboxAdapters).map(([kind, adapter]) => [kind, map(adapter)] as const);
  return Object.fromEntries(entries) as ByConnectableKind<T>;
}

/** Every kind, with the addresses that the settings name; null for the vendor's. */
export const inboxKindsAt = (baseUrlOf: (kind: ConnectableKind) => string | null): InboxKinds => ({
  ...mapInboxKinds(({ kind, addressesOf }) => ({
    ...kind,
    originsOf: ({ base_url: own }) => [
      ...new Set(addressesOf(typeof own === 'string' ? own : baseUrlOf(kind.kind)).map(originOf)),
    ],
  })),
  [testKind.kind]: testKind,
});

/** Every kind as its vendor serves it. */
export const inboxKinds: InboxKinds = inboxKindsAt(() => null);

type OpenOptions = Pick<InboxOptions, 'clock' | 'webhookUrl'> &
  Partial<InboxOptions> & { readonly transport: Pick<Transport, 'call' | 'stream' | 'isConfigured'> };

/** Opens an inbox from its configuration as the contract validated it. */
export const openInbox = (input: BoundInbox, options: OpenOptions): Inbox =>
  input.kind === testKind.kind
    ? openTestInbox()
    : inboxAdapters[input.kind].open(input, {
        baseUrl: null,
        defaultSender: null,
        setupUrl: null,
        guardedFetch: createGuardedFetch(options.transport),
        ...options,
      });
