import type { Clock } from '../ports/clock.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { Secret } from '../ports/secret.ts';
import type { Transport } from './http/transport.ts';
import { openHubspot } from './hubspot/inbox.ts';
import { hubspotCredential, hubspotSettings } from './hubspot/settings.ts';
import { verify as verifyHubspot } from './hubspot/verify.ts';
import { openIntercom } from './intercom/inbox.ts';
import { intercomCredential, intercomSettings } from './intercom/settings.ts';
import { verify as verifyIntercom } from './intercom/verify.ts';

/** The only file that names the adapters. Channels (Telegram) join it here. */

/** What a workspace of each kind may be set to, and what opens it: for validation, redaction and forms. */
export const inboxSettings = {
  intercom: { settings: intercomSettings, credential: intercomCredential },
  hubspot: { settings: hubspotSettings, credential: hubspotCredential },
} as const;

export type InboxKind = keyof typeof inboxSettings;

/** Whether a webhook call is genuine, by kind; each over the raw bytes. */
export const verifyInboxWebhook = { intercom: verifyIntercom, hubspot: verifyHubspot } as const;

/** A credential as it is stored: the fields of its schema, revealed. */
export type StoredCredential = Readonly<Record<string, string>>;

export interface InboxOptions {
  /** As stored; parsed here, and refused with an exception when the schema refuses it. */
  readonly settings: unknown;
  readonly credential: unknown;
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** The provider replaced a part of the credential: seal and store it before the promise resolves. */
  readonly onCredentialChanged: (credential: StoredCredential) => Promise<void>;
}

export function openInbox(kind: InboxKind, options: InboxOptions): Inbox {
  const { transport, clock } = options;
  switch (kind) {
    case 'intercom':
      return openIntercom({
        settings: intercomSettings.parse(options.settings),
        credential: intercomCredential.parse(options.credential),
        transport,
        clock,
      });
    case 'hubspot':
      return openHubspot({
        settings: hubspotSettings.parse(options.settings),
        credential: hubspotCredential.parse(options.credential),
        transport,
        clock,
        onCredentialChanged: (credential) => options.onCredentialChanged(revealed(credential)),
      });
  }
}

const revealed = (credential: Readonly<Record<string, Secret | undefined>>): StoredCredential =>
  Object.fromEntries(
    Object.entries(credential).flatMap(([name, secret]) => (secret === undefined ? [] : [[name, secret.reveal()]])),
  );
