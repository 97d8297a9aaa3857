import type { InboxInput } from '@chatferry/contract';
import type { Clock } from '../ports/clock.ts';
import type { Inbox, InboxKind } from '../ports/inbox.ts';
import { createGuardedFetch } from './http/guarded-fetch.ts';
import type { Transport } from './http/transport.ts';
import { openHubspot } from './hubspot/inbox.ts';
import { hubspotKind } from './hubspot/kind.ts';
import { hubspotCredential, hubspotSettings } from './hubspot/settings.ts';
import { openIntercom } from './intercom/inbox.ts';
import { intercomKind } from './intercom/kind.ts';
import { intercomCredential, intercomSettings } from './intercom/settings.ts';

/** The only file that names the adapters. Channels (Telegram) join it here. */

/** What needs no connection: checking and reading what an inbox sends. */
export const inboxKinds: Readonly<Record<InboxKind['kind'], InboxKind>> = {
  intercom: intercomKind,
  hubspot: hubspotKind,
};

export interface InboxOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** Where this inbox delivers its events; null where it cannot reach the gateway. */
  readonly webhookUrl: string | null;
  /** The workspace's own sender for what names none: internal notes, and messages without a teammate. */
  readonly defaultSender?: string | null;
  /** The provider replaced a part of the credential: seal and store it before the promise resolves. */
  readonly onCredentialChanged: (input: InboxInput) => Promise<void>;
}

/** Opens an inbox from its configuration as the contract validated it. */
export function openInbox(
  input: InboxInput,
  { transport, clock, webhookUrl, defaultSender = null, onCredentialChanged }: InboxOptions,
): Inbox {
  const guardedFetch = createGuardedFetch({ clock });
  const sender = defaultSender === null ? {} : { default_sender_id: defaultSender };
  switch (input.kind) {
    case 'intercom':
      return openIntercom({
        settings: intercomSettings.parse({ ...input, ...sender }),
        credential: intercomCredential.parse(input),
        transport,
        guardedFetch,
        clock,
      });
    case 'hubspot':
      return openHubspot({
        settings: hubspotSettings.parse({
          ...input,
          ...sender,
          ...(webhookUrl === null ? {} : { webhook_url: webhookUrl }),
        }),
        credential: hubspotCredential.parse(input),
        transport,
        guardedFetch,
        clock,
        onCredentialChanged: (credential) =>
          onCredentialChanged({ ...input, refresh_token: credential.refresh_token.reveal() }),
      });
  }
}
