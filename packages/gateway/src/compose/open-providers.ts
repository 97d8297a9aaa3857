import type { Transport } from '../adapters/http/transport.ts';
import {
  type ByConnectableKind,
  channelAdapter,
  type InboxKinds,
  inboxKindsAt,
  mapInboxKinds,
  openInbox,
} from '../adapters/registry.ts';
import type { Config } from '../config/config.ts';
import { unsealToken } from '../operations/channels/seal-channel.ts';
import { inboxHookUrl, setupUrlOf } from '../operations/workspaces/hook-urls.ts';
import { signingInputs, unsealInbox } from '../operations/workspaces/seal-inbox.ts';
import type { TriedInbox } from '../operations/workspaces/try-inbox.ts';
import type { BoundInbox } from '../ports/bound-inbox.ts';
import type { Channel } from '../ports/channel.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { InboxAuthorization } from '../ports/inbox-authorization.ts';
import type { ConnectableKind, InboxKindName } from '../ports/inbox-kind.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { ChannelRecord } from '../store/channels.ts';
import type { WorkspaceRecord } from '../store/workspaces.ts';
import { shareGrant } from './share-grant.ts';

/** The channels and the inboxes, opened with what the store has about them. */
export interface Providers {
  readonly kind: ChannelKind;
  readonly inboxKinds: InboxKinds;
  openChannel(record: ChannelRecord): Channel;
  /** `onAnswer` is called after each call that the inbox answered, but not for an error of its server. */
  openInbox(record: WorkspaceRecord, onAnswer?: () => void): Inbox;
  /** The origin that vouches for accounts at the address that all of them share: that of the settings, or of the vendor. */
  sharedOriginOf(kind: InboxKindName): string;
  /** A workspace's configuration with its secrets. */
  inputsOf(record: WorkspaceRecord, nowMs: number): readonly BoundInbox[];
  /** Opens an inbox that is not stored yet. */
  tryInbox(input: BoundInbox, defaultSender: string | null): TriedInbox;
  readonly authorizations: ByConnectableKind<InboxAuthorization>;
}

export function openProviders(parts: {
  readonly config: Config;
  readonly store: Parameters<typeof shareGrant>[0]['store'];
  readonly transport: Transport;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
}): Providers {
  const { config, store, transport, vault, clock, random } = parts;
  const kind = channelAdapter.connect({ transport });
  const inboxKinds = inboxKindsAt((name) => config.inboxes[name].baseUrl);
  const baseUrlOf = (name: InboxKindName) =>
    name in config.inboxes ? config.inboxes[name as ConnectableKind].baseUrl : null;

  return {
    kind,
    inboxKinds,
    openChannel: (record) =>
      kind.open({ token: unsealToken(vault, record), apiRoot: record.apiRoot, fileRoot: record.fileRoot }),
    sharedOriginOf: (name) => inboxKinds[name].originsOf({})[0] ?? '',
    inputsOf: (record, nowMs) => signingInputs(vault, record, nowMs),
    openInbox: (record, onAnswer) =>
      openInbox(unsealInbox(vault, record), {
        onAnswer,
        transport,
        clock,
        baseUrl: baseUrlOf(record.inboxKind),
        webhookUrl: inboxHookUrl(config.publicUrl, inboxKinds[record.inboxKind], record),
        defaultSender: record.defaultSender,
        setupUrl: setupUrlOf(config.publicUrl, inboxKinds[record.inboxKind]),
        grant: shareGrant({ store, vault, random, workspaceId: record.id }),
      }),
    tryInbox(given, defaultSender) {
      let input = given;
      const inbox = openInbox(given, {
        transport,
        clock,
        baseUrl: baseUrlOf(given.kind),
        webhookUrl: null,
        setupUrl: null,
        defaultSender,
        onRenewed: (renewed) => {
          input = renewed;
        },
      });
      return { inbox, input: () => input };
    },
    authorizations: mapInboxKinds(({ kind: { kind: name }, authorization }) => {
      const { appUrl, baseUrl } = config.inboxes[name];
      return authorization({ transport, clock, appUrl, apiUrl: baseUrl });
    }),
  };
}
