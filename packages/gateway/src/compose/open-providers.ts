import type { InboxInput } from '@chatferry/contract';
import type { Transport } from '../adapters/http/transport.ts';
import { inboxKinds, openInbox } from '../adapters/registry.ts';
import { createTelegram } from '../adapters/telegram/channel.ts';
import type { Config } from '../config.ts';
import { unsealToken } from '../operations/channels/seal-channel.ts';
import { sealInbox, unsealInbox } from '../operations/workspaces/seal-inbox.ts';
import { inboxHookUrl } from '../operations/workspaces/workspaces.ts';
import type { Channel, ChannelKind } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Inbox, InboxKind } from '../ports/inbox.ts';
import type { ChannelRecord } from '../store/channels.ts';
import type { Vault } from '../store/sealed.ts';
import type { Store } from '../store/store.ts';
import type { WorkspaceRecord } from '../store/workspaces.ts';

/** Telegram and the inboxes, as they are opened with what the store keeps of them. */
export interface Providers {
  readonly kind: ChannelKind;
  readonly inboxKinds: Readonly<Record<InboxKind['kind'], InboxKind>>;
  openChannel(record: ChannelRecord): Channel;
  openInbox(record: WorkspaceRecord): Inbox;
  /** A workspace's configuration with its secrets. */
  inputOf(record: WorkspaceRecord): InboxInput;
  /** Opens an inbox that is not stored yet. */
  tryInbox(input: InboxInput, defaultSender: string | null): Inbox;
}

export function openProviders(parts: {
  readonly config: Config;
  readonly store: Pick<Store, 'updateWorkspace'>;
  readonly transport: Transport;
  readonly vault: Vault;
  readonly clock: Clock;
}): Providers {
  const { config, store, transport, vault, clock } = parts;
  const kind = createTelegram({ transport });

  return {
    kind,
    inboxKinds,
    openChannel: (record) =>
      kind.open({ token: unsealToken(vault, record), apiRoot: record.apiRoot, fileRoot: record.fileRoot }),
    inputOf: (record) => unsealInbox(vault, record),
    openInbox: (record) =>
      openInbox(withDefaults(config, unsealInbox(vault, record)), {
        transport,
        clock,
        webhookUrl: config.publicUrl === null ? null : inboxHookUrl(config.publicUrl, record),
        defaultSender: record.defaultSender,
        async onCredentialChanged(changed) {
          const { inboxCredential } = sealInbox(vault, record.id, changed);
          await store.updateWorkspace(record.id, { inboxCredential });
        },
      }),
    tryInbox: (input, defaultSender) =>
      openInbox(withDefaults(config, input), {
        transport,
        clock,
        webhookUrl: null,
        defaultSender,
        onCredentialChanged: async () => undefined,
      }),
  };
}

/** The base addresses of the process, for inboxes that name none. */
function withDefaults(config: Config, input: InboxInput): InboxInput {
  const baseUrl = input.kind === 'intercom' ? config.intercomBaseUrl : config.hubspotBaseUrl;
  return input.base_url !== undefined || baseUrl === null ? input : { ...input, base_url: baseUrl };
}
