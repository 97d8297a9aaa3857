import type { InboxInput } from '@chatferry/contract';
import type { Transport } from '../adapters/http/transport.ts';
import { inboxKinds, openAuthorizations, openInbox } from '../adapters/registry.ts';
import { createTelegram } from '../adapters/telegram/channel.ts';
import type { Config } from '../config/config.ts';
import { unsealToken } from '../operations/channels/seal-channel.ts';
import { inboxHookUrl, setupUrlOf } from '../operations/workspaces/hook-urls.ts';
import { signingInputs, unsealInbox } from '../operations/workspaces/seal-inbox.ts';
import type { TriedInbox } from '../operations/workspaces/try-inbox.ts';
import type { Channel, ChannelKind } from '../ports/channel.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Inbox, InboxKind } from '../ports/inbox.ts';
import type { InboxAuthorization } from '../ports/inbox-authorization.ts';
import type { Vault } from '../secrets/sealed.ts';
import type { ChannelRecord } from '../store/channels.ts';
import type { WorkspaceRecord } from '../store/workspaces.ts';
import { shareGrant } from './share-grant.ts';

/** Telegram and the inboxes, as they are opened with what the store keeps of them. */
export interface Providers {
  readonly kind: ChannelKind;
  readonly inboxKinds: Readonly<Record<InboxKind['kind'], InboxKind>>;
  openChannel(record: ChannelRecord): Channel;
  openInbox(record: WorkspaceRecord): Inbox;
  /** A workspace's configuration with its secrets. */
  inputsOf(record: WorkspaceRecord, nowMs: number): readonly InboxInput[];
  /** Opens an inbox that is not stored yet. */
  tryInbox(input: InboxInput, defaultSender: string | null): TriedInbox;
  readonly authorizations: Readonly<Record<InboxKind['kind'], InboxAuthorization>>;
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
  const kind = createTelegram({ transport });

  return {
    kind,
    inboxKinds,
    openChannel: (record) =>
      kind.open({ token: unsealToken(vault, record), apiRoot: record.apiRoot, fileRoot: record.fileRoot }),
    inputsOf: (record, nowMs) => signingInputs(vault, record, nowMs),
    openInbox: (record) =>
      openInbox(withDefaults(config, unsealInbox(vault, record)), {
        transport,
        clock,
        webhookUrl: config.publicUrl === null ? null : inboxHookUrl(config.publicUrl, record),
        defaultSender: record.defaultSender,
        setupUrl: setupUrlOf(config.publicUrl),
        grant: shareGrant({ store, vault, random, workspaceId: record.id }),
      }),
    tryInbox(given, defaultSender) {
      let input = given;
      const inbox = openInbox(withDefaults(config, given), {
        transport,
        clock,
        webhookUrl: null,
        defaultSender,
        onRotated: (refreshToken) => {
          if (input.kind === 'hubspot') input = { ...input, refresh_token: refreshToken.reveal() };
        },
      });
      return { inbox, input: () => input };
    },
    authorizations: openAuthorizations({
      transport,
      clock,
      appUrls: { intercom: config.intercomAppUrl, hubspot: config.hubspotAppUrl },
      apiUrls: { intercom: config.intercomBaseUrl, hubspot: config.hubspotBaseUrl },
    }),
  };
}

/** The base addresses of the process, for inboxes that name none. */
function withDefaults(config: Config, input: InboxInput): InboxInput {
  const baseUrl = input.kind === 'intercom' ? config.intercomBaseUrl : config.hubspotBaseUrl;
  return input.base_url !== undefined || baseUrl === null ? input : { ...input, base_url: baseUrl };
}
