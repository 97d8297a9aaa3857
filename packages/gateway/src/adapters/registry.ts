import type { BoundInbox } from '../ports/bound-inbox.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { InboxKind, InboxKindName } from '../ports/inbox-kind.ts';
import { originOf } from '../ports/secret.ts';
import type { ChannelAdapter } from './channel-adapter.ts';
import { createGuardedFetch } from './http/guarded-fetch.ts';
import type { Transport } from './http/transport.ts';
import { hubspotAdapter } from './hubspot/adapter.ts';
import type { InboxAdapter, InboxOptions } from './inbox-adapter.ts';
import { intercomAdapter } from './intercom/adapter.ts';
import { telegramAdapter } from './telegram/adapter.ts';

/**
 * Outside their own folders, the only file of the gateway that names the kinds of inbox and of channel
 * (`scripts/architecture/kinds.ts` checks this). docs/adding-an-inbox.md explains how to add a kind of inbox.
 */
export const inboxAdapters: ByInboxKind<InboxAdapter> = { intercom: intercomAdapter, hubspot: hubspotAdapter };

/** Every channel is of this kind. */
export const channelAdapter: ChannelAdapter = telegramAdapter;

export type ByInboxKind<T> = Readonly<Record<InboxKindName, T>>;

/** One value for each kind of inbox. */
export function mapInboxKinds<T>(map: (adapter: InboxAdapter) => T): ByInboxKind<T> {
  const entries = Object.entries(inboxAdapters).map(([kind, adapter]) => [kind, map(adapter)] as const);
  return Object.fromEntries(entries) as ByInboxKind<T>;
}

/** Every kind, with the addresses that the settings name; null for the vendor's. */
export const inboxKindsAt = (baseUrlOf: (kind: InboxKindName) => string | null): ByInboxKind<InboxKind> =>
  mapInboxKinds(({ kind, addressesOf }) => ({
    ...kind,
    originsOf: ({ base_url: own }) => [
      ...new Set(addressesOf(typeof own === 'string' ? own : baseUrlOf(kind.kind)).map(originOf)),
    ],
  }));

/** Every kind as its vendor serves it. */
export const inboxKinds: ByInboxKind<InboxKind> = inboxKindsAt(() => null);

type OpenOptions = Pick<InboxOptions, 'clock' | 'webhookUrl'> &
  Partial<InboxOptions> & { readonly transport: Pick<Transport, 'call' | 'stream' | 'isConfigured'> };

/** Opens an inbox from its configuration as the contract validated it. */
export const openInbox = (input: BoundInbox, options: OpenOptions): Inbox =>
  inboxAdapters[input.kind].open(input, {
    baseUrl: null,
    defaultSender: null,
    setupUrl: null,
    guardedFetch: createGuardedFetch(options.transport),
    ...options,
  });
