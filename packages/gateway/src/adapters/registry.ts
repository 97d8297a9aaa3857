import type { InboxInput } from '@chatferry/contract';
import type { Clock } from '../ports/clock.ts';
import type { Grant } from '../ports/grant.ts';
import type { Inbox, InboxKind } from '../ports/inbox.ts';
import type { InboxAuthorization } from '../ports/inbox-authorization.ts';
import type { Secret } from '../ports/secret.ts';
import { createGuardedFetch } from './http/guarded-fetch.ts';
import type { Transport } from './http/transport.ts';
import { createHubspotAuthorization } from './hubspot/authorization.ts';
import { openHubspot } from './hubspot/inbox.ts';
import { hubspotKind } from './hubspot/kind.ts';
import { createLoneGrant } from './hubspot/lone-grant.ts';
import { hubspotCredential, hubspotSettings } from './hubspot/settings.ts';
import { createIntercomAuthorization } from './intercom/authorization.ts';
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
  /** Where an account sends people who connect a bot from its own settings; null where they cannot come. */
  readonly setupUrl?: string | null;
  /** What all replicas know of the account's grant; absent for an account that is not stored, whose grant nobody shares. */
  readonly grant?: Grant;
  /** Of a grant that nobody shares: the provider replaced what renews it. */
  readonly onRotated?: (refreshToken: Secret) => void;
}

/** Opens an inbox from its configuration as the contract validated it. */
export function openInbox(
  input: InboxInput,
  { transport, clock, webhookUrl, defaultSender = null, setupUrl = null, grant, onRotated }: InboxOptions,
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
    case 'hubspot': {
      const credential = hubspotCredential.parse(input);
      return openHubspot({
        settings: hubspotSettings.parse({
          ...input,
          ...sender,
          ...(webhookUrl === null ? {} : { webhook_url: webhookUrl }),
        }),
        credential,
        transport,
        guardedFetch,
        clock,
        setupUrl,
        grant: grant ?? createLoneGrant(credential.refresh_token, onRotated),
      });
    }
  }
}

/** How people install an app in an account of each kind. `appUrls` stand in for the providers' sign-in pages, `apiUrls` for their APIs. */
export function openAuthorizations(options: {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  readonly appUrls: Readonly<Record<InboxKind['kind'], string | null>>;
  readonly apiUrls: Readonly<Record<InboxKind['kind'], string | null>>;
}): Readonly<Record<InboxKind['kind'], InboxAuthorization>> {
  const { transport, clock, appUrls, apiUrls } = options;
  return {
    intercom: createIntercomAuthorization({ transport, clock, appUrl: appUrls.intercom, apiUrl: apiUrls.intercom }),
    hubspot: createHubspotAuthorization({ transport, appUrl: appUrls.hubspot, apiUrl: apiUrls.hubspot }),
  };
}
